package dev.pledge.server.centre;

import java.util.List;
import java.util.Optional;

/**
 * A value that somebody corrects.
 *
 * @param input the kind of field of the form
 * @param choices what can be chosen from; none where it is written
 * @param wrong what was wrong with what was written
 */
public record Changing(
    String field,
    String product,
    String name,
    String input,
    List<String> choices,
    String written,
    Optional<String> wrong) {
  public Changing {
    choices = List.copyOf(choices);
  }
}
