package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Facts;
import java.util.List;

/**
 * An actor asks about many ids or aliases that are nobody's, as somebody does who tries them one
 * after the other. Sign-in by a mistyped address is such a question too, so programs may ask more.
 */
final class Enumeration implements Rule {
  private final Limit limit;
  private final Windows windows;

  Enumeration(Limit limit) {
    this.limit = limit;
    this.windows = new Windows(limit.within());
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    String actor = Seen.actor(facts).orElse(null);
    if (actor == null || !Seen.isAboutNobody(entry)) {
      return List.of();
    }
    Windows.Sum sum = windows.add(actor, facts.at(), Place.of(entry), 1);
    return limit.signs(RuleName.ENUMERATION, entry, sum, 1);
  }
}
