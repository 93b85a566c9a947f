package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Caller;
import java.time.Duration;
import java.util.List;

/**
 * How much an actor of each kind may do within a time before it is unusual.
 *
 * @param within the time, at most {@link WatchSettings#LONGEST}
 */
public record Limit(Duration within, int staff, int auditor, int partner, int service) {
  private static final int NONE = Integer.MAX_VALUE;

  /** Throws {@link IllegalArgumentException} if a limit is less than 1. */
  public Limit {
    if (Math.min(Math.min(staff, auditor), Math.min(partner, service)) < 1) {
      throw new IllegalArgumentException("a limit is at least 1");
    }
  }

  int of(String callerType) {
    return switch (callerType) {
      case Caller.STAFF -> staff;
      case Caller.AUDITOR -> auditor;
      case Caller.PARTNER -> partner;
      case Caller.SERVICE -> service;
      default -> NONE;
    };
  }

  /** The sign that {@code sum} is, if it reaches the limit of whoever made the entry. */
  List<Sign> signs(RuleName rule, Recorded entry, Windows.Sum sum, long more) {
    var facts = entry.entry().facts();
    String actor = facts.caller().id().orElseThrow();
    return sum.count() < of(facts.caller().type())
        ? List.of()
        : List.of(
            new Sign(
                Sign.What.of(rule, actor),
                sum.first(),
                Place.of(entry),
                sum.count(),
                more,
                facts.at()));
  }
}
