package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import java.util.List;

/** A member of staff looks at people's data outside of working hours. Programs have none. */
final class OutOfHours implements Rule {
  private final Hours hours;
  private final Windows windows;

  OutOfHours(Hours hours) {
    this.hours = hours;
    this.windows = new Windows(hours.within());
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    String actor = Seen.actor(facts).orElse(null);
    if (actor == null
        || !facts.caller().type().equals(Caller.STAFF)
        || !Seen.isLook(facts)
        || hours.cover(facts.at())) {
      return List.of();
    }
    Windows.Sum sum = windows.add(actor, facts.at(), Place.of(entry), 1);
    return sum.count() < hours.reads()
        ? List.of()
        : List.of(
            new Sign(
                Sign.What.of(RuleName.OUT_OF_HOURS, actor),
                sum.first(),
                Place.of(entry),
                sum.count(),
                1,
                facts.at()));
  }
}
