package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import java.util.List;

/** Entries that have their place in the log. */
@FunctionalInterface
public interface Feed {
  /**
   * At most {@code limit} entries, in the order of their positions and without a gap, the first at
   * {@code position}; none if the log has not come that far.
   */
  List<Recorded> from(long position, int limit);

  /** The position of the first entry that is kept; 0 where all are. */
  default long first() {
    return 0;
  }
}
