package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An epoch's key was unwrapped, and nothing says why: the entry names neither a start of the
 * server, nor a command, nor a root key that answers again as its cause, and no epoch began and
 * nothing was restored shortly before or after. So it is judged when an entry shows that the time
 * has passed. Remembers the last cause and {@value #MOST} unwraps; of more the oldest is judged at
 * once.
 *
 * <p>What waits to be judged follows from which entries were seen, not from their order, so that
 * logs that are read again side by side need not come in the order they came in before.
 */
final class EpochUnwrap implements Rule {
  static final int MOST = 64;
  private static final Set<String> REASONS = Set.of("start", "command", "root-key-answers");
  private static final Set<Kind> CAUSES = Set.of(Kind.EPOCH_BEGUN, Kind.RESTORE);

  private final Duration beside;
  private final Deque<Sign> unexplained = new ArrayDeque<>();
  private Instant lastCause = Instant.MIN;
  private Instant latest = Instant.MIN;

  EpochUnwrap(Duration beside) {
    this.beside = beside;
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    latest = later(latest, facts.at());
    if (CAUSES.contains(facts.kind())) {
      lastCause = later(lastCause, facts.at());
      unexplained.removeIf(each -> isBeside(each.at(), facts.at()));
    } else if (facts.kind().equals(Kind.EPOCH_UNWRAPPED)
        && !isExplained(facts)
        && !isBeside(facts.at(), lastCause)) {
      unexplained.add(
          Sign.of(
              new Sign.What(RuleName.EPOCH_UNWRAP, facts.caller().id(), Optional.empty()), entry));
    }
    List<Sign> judged = new ArrayList<>();
    while (!unexplained.isEmpty()
        && (unexplained.size() > MOST || !isBeside(unexplained.element().at(), latest))) {
      judged.add(unexplained.remove());
    }
    return judged;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static boolean isExplained(Facts facts) {
    return facts.reason().map(Reason::rule).filter(REASONS::contains).isPresent();
  }

  private boolean isBeside(Instant unwrapped, Instant cause) {
    return !cause.equals(Instant.MIN)
        && Duration.between(unwrapped, cause).abs().compareTo(beside) <= 0;
  }
}
