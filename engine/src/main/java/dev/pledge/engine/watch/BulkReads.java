package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import java.util.List;

/**
 * One actor sees the data of many people. Who they are an entry does not tell, so it counts entries
 * about a person; a list of many counts as many as its entry says, and where it does not say, for
 * whoever is no program as much as is allowed.
 */
final class BulkReads implements Rule {
  private final Limit limit;
  private final Windows windows;

  BulkReads(Limit limit) {
    this.limit = limit;
    this.windows = new Windows(limit.within());
  }

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    String actor = Seen.actor(facts).orElse(null);
    if (actor == null || !Seen.isLook(facts)) {
      return List.of();
    }
    long people = people(facts);
    Windows.Sum sum = windows.add(actor, facts.at(), Place.of(entry), people);
    return limit.signs(RuleName.BULK_READS, entry, sum, people);
  }

  private long people(Facts facts) {
    boolean unsaid =
        facts.kind().equals(Kind.AUDIENCE) && !facts.caller().type().equals(Caller.SERVICE);
    return facts.subjects().orElse(unsaid ? limit.of(facts.caller().type()) : 1);
  }
}
