package dev.pledge.log;

import java.util.LinkedHashSet;
import java.util.UUID;

/**
 * Notices an entry's id that comes again within {@value #WINDOW} entries, in memory that does not
 * grow with the log. Places follow the order of ids but for about a minute, so what comes again
 * later was placed anew on purpose. Not safe for use by several threads.
 */
final class Repeats {
  /** How many ids are remembered. */
  static final int WINDOW = 1 << 18;

  private final LinkedHashSet<UUID> latest = new LinkedHashSet<>();

  /** Whether the id is among the latest; from now on it is. */
  boolean has(UUID id) {
    if (!latest.add(id)) {
      return true;
    }
    if (latest.size() > WINDOW) {
      latest.removeFirst();
    }
    return false;
  }
}
