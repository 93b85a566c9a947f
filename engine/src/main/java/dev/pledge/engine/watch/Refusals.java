package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.watch.WatchSettings.ManyRefusals;
import dev.pledge.log.Facts;
import dev.pledge.log.Outcome;
import java.util.List;

/**
 * Much of what an actor asks is refused: so many, and so great a part of all it asks. That some
 * people said no is part of every day; somebody who is mostly refused tries what is not theirs.
 * What is nobody's does not count here, see {@link Enumeration}.
 */
final class Refusals implements Rule {
  private static final int WHOLE = 100;

  private final ManyRefusals many;
  private final Windows asked;
  private final Windows refused;

  Refusals(ManyRefusals many) {
    this.many = many;
    this.asked = new Windows(many.within());
    this.refused = new Windows(many.within());
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    String actor = Seen.actor(facts).orElse(null);
    if (actor == null || Seen.isAboutNobody(entry)) {
      return List.of();
    }
    boolean no = facts.outcome() == Outcome.REFUSED;
    Place place = Place.of(entry);
    long all = asked.add(actor, facts.at(), place, 1).count();
    Windows.Sum sum = refused.add(actor, facts.at(), place, no ? 1 : 0);
    return no && sum.count() >= many.count() && sum.count() * WHOLE >= all * many.percent()
        ? List.of(
            new Sign(
                Sign.What.of(RuleName.REFUSALS, actor),
                sum.first(),
                place,
                sum.count(),
                1,
                facts.at()))
        : List.of();
  }
}
