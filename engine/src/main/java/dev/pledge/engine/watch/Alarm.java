package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.policy.names.ActorId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Unusual access that somebody should look at (IV.2). Holds no personal value and names no person
 * whose data it was.
 *
 * @param id the log's entry of raising it
 * @param actor who is unusual, where an actor is named
 * @param purpose where it is about one
 * @param first where the first entry is that it is about
 * @param last where the last one is
 * @param count how much it is about: entries, or people where an entry is about several
 * @param lastAt time of the last entry
 * @param done who acknowledged it; empty while it is open
 */
public record Alarm(
    UUID id,
    RuleName rule,
    Optional<String> actor,
    Optional<String> purpose,
    Place first,
    Place last,
    long count,
    Instant raisedAt,
    Instant lastAt,
    Optional<Done> done) {

  /** Who acknowledged it when, and what they found. */
  public record Done(Instant at, ActorId by, Finding finding) {}

  /** What whoever acknowledges an alarm has found. */
  public enum Finding {
    /** It is what the actor does every day; the limit is too low. */
    FALSE_ALARM,
    /** It was unusual, and there is a good cause. */
    JUSTIFIED,
    /** It should not have happened. */
    UNJUSTIFIED;

    /** The word for it, such as {@code false-alarm}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Finding of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }
}
