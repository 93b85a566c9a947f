package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Caller;
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
 * An epoch's key was unwrapped, and nothing says why: the entry gives no start of the server as its
 * cause, and shortly before or after no epoch began, nothing was restored, and no command entered
 * what it did. So it is judged when an entry shows that the time has passed. Remembers the last
 * cause and {@value #MOST} unwraps; of more the oldest is judged at once.
 */
final class EpochUnwrap implements Rule {
  static final int MOST = 64;
  private static final String START = "start";
  private static final String COMMANDS = "command-line";
  private static final Set<Kind> CAUSES = Set.of(Kind.EPOCH_BEGUN, Kind.RESTORE);

  private final Duration beside;
  private final Deque<Sign> unexplained = new ArrayDeque<>();
  private Instant lastCause = Instant.MIN;

  EpochUnwrap(Duration beside) {
    this.beside = beside;
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    if (isCause(facts)) {
      lastCause = facts.at();
      unexplained.removeIf(each -> isBeside(each.at(), facts.at()));
    } else if (facts.kind().equals(Kind.EPOCH_UNWRAPPED)
        && !isStart(facts)
        && !isBeside(facts.at(), lastCause)) {
      unexplained.add(
          Sign.of(
              new Sign.What(RuleName.EPOCH_UNWRAP, facts.caller().id(), Optional.empty()), entry));
    }
    List<Sign> judged = new ArrayList<>();
    while (!unexplained.isEmpty()
        && (unexplained.size() > MOST || !isBeside(unexplained.element().at(), facts.at()))) {
      judged.add(unexplained.remove());
    }
    return judged;
  }

  /** What a command has entered tells what it opened the keys for; some enter nothing else. */
  private static boolean isCause(Facts facts) {
    return CAUSES.contains(facts.kind())
        || (!facts.kind().equals(Kind.EPOCH_UNWRAPPED)
            && facts.caller().type().equals(Caller.SYSTEM)
            && facts.caller().id().filter(COMMANDS::equals).isPresent());
  }

  private static boolean isStart(Facts facts) {
    return facts.reason().map(Reason::rule).filter(START::equals).isPresent();
  }

  private boolean isBeside(Instant unwrapped, Instant cause) {
    return !cause.equals(Instant.MIN)
        && Duration.between(unwrapped, cause).abs().compareTo(beside) <= 0;
  }
}
