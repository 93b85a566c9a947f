package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import java.util.List;

/**
 * One thing to watch for. Deterministic: what it says follows from the entries it was given alone,
 * and it knows no time but theirs. Remembers a bounded amount, however many actors there are. Not
 * for use by several threads.
 */
interface Rule {
  /** Looks at the next entry and tells the signs it gives. */
  List<Sign> see(Recorded entry);
}
