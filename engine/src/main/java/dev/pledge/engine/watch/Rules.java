package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import java.util.ArrayList;
import java.util.List;

/** All rules, at one position of the log. */
final class Rules {
  private final WatchSettings settings;
  private final List<Rule> rules;
  private final Lookback lookback;
  private long position;

  /** Rules that know nothing yet and begin at {@code position}. */
  Rules(WatchSettings settings, long position) {
    this.settings = settings;
    this.rules =
        List.of(
            new BulkReads(settings.bulkReads()),
            new OutOfHours(settings.hours()),
            new Refusals(settings.refusals()),
            new Enumeration(settings.enumeration()),
            new Reveal(),
            new FirstUse(),
            new EpochUnwrap(settings.besideUnwrap()));
    this.lookback = new Lookback(settings.lookback());
    this.position = position;
  }

  /** The position of the next entry to be looked at. */
  long position() {
    return position;
  }

  /** The position from which on entries are to be read to know what these know. */
  long from() {
    return lookback.from(position);
  }

  /**
   * Looks at the next entries.
   *
   * @throws IllegalStateException if one is not the next
   */
  List<Spell> see(List<Recorded> entries) {
    List<Sign> signs = new ArrayList<>();
    for (Recorded entry : entries) {
      if (Seen.position(entry) != position) {
        throw new IllegalStateException(
            "the log has no entry at position " + position + "; nothing after it is watched");
      }
      position++;
      lookback.see(entry);
      rules.forEach(rule -> signs.addAll(rule.see(entry)));
    }
    return Spell.of(signs, settings::within);
  }
}
