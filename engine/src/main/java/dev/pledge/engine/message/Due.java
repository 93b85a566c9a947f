package dev.pledge.engine.message;

import dev.pledge.policy.names.SubjectId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A message that somebody has taken to send it, and nobody else for a while.
 *
 * @param filling by the words of its parameters; empty if what was sealed does not open, and was
 *     altered
 * @param attempt which it is, from 1
 * @param useless whether it is of no use any more
 */
public record Due(
    SubjectId subject,
    UUID id,
    Template template,
    Locale language,
    Optional<Map<String, String>> filling,
    int attempt,
    boolean useless) {
  public Due {
    filling = filling.map(Map::copyOf);
  }

  /** Without what it is filled with. */
  @Override
  public String toString() {
    return "Due[" + id + ", " + template.word() + "]";
  }
}
