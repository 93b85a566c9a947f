package dev.pledge.engine.audit;

import dev.pledge.log.Caller;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which entries of a history are asked for; what is empty excludes none.
 *
 * @param from the earliest time of an entry, inclusively
 * @param to the latest, exclusively
 * @param purpose the purpose of the entry, or of a field of it
 * @param actor the id of who acted
 */
public record HistoryFilter(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> purpose,
    Optional<String> actor,
    Optional<Kind> kind,
    Optional<Outcome> outcome) {
  /** How far the clocks of those who make entries are from the database's, at most. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** Excludes nothing. */
  public static final HistoryFilter NONE =
      new HistoryFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  boolean matches(Entry entry) {
    Facts facts = entry.facts();
    return from.filter(facts.at()::isBefore).isEmpty()
        && to.filter(until -> !facts.at().isBefore(until)).isEmpty()
        && purpose.filter(named -> !hasPurpose(facts, named)).isEmpty()
        && actor.filter(id -> !isBy(facts.caller(), id)).isEmpty()
        && kind.filter(asked -> !facts.kind().equals(asked)).isEmpty()
        && outcome.filter(asked -> facts.outcome() != asked).isEmpty();
  }

  private static boolean hasPurpose(Facts facts, String purpose) {
    return facts.purpose().filter(purpose::equals).isPresent()
        || facts.verdicts().stream()
            .anyMatch(
                verdict ->
                    verdict instanceof Verdict.Granted granted
                        && granted.purpose().filter(purpose::equals).isPresent());
  }

  private static boolean isBy(Caller caller, String id) {
    return caller.id().filter(id::equals).isPresent();
  }

  /**
   * No entry that is asked for was made before, by the clock of whoever made it, which differs from
   * the database's by less than that.
   */
  Optional<Instant> madeFrom() {
    return from.map(start -> start.minus(SKEW));
  }

  /** No entry that is asked for was made then or later, by that clock. */
  Optional<Instant> madeBefore() {
    return to.map(end -> end.plus(SKEW));
  }
}
