package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All rules, at one position of each log. */
final class Rules {
  private final WatchSettings settings;
  private final List<Rule> rules;
  private final Map<String, Reach> reached = new HashMap<>();

  /** How far one log has been seen. */
  private static final class Reach {
    private final Lookback lookback;
    private long position;
    private @Nullable Instant at;

    Reach(long position, Lookback lookback) {
      this.position = position;
      this.lookback = lookback;
    }
  }

  /** Rules that know nothing yet and begin at a position of each log. */
  Rules(WatchSettings settings, Map<String, Long> positions) {
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
    positions.forEach(
        (log, position) ->
            reached.put(
                log, new Reach(position, new Lookback(settings.lookback(), positions.size()))));
  }

  private Reach of(String log) {
    Reach reach = reached.get(log);
    if (reach == null) {
      throw new IllegalStateException("log `" + log + "` is none of those that are watched");
    }
    return reach;
  }

  /** The position of the next entry of the log to be looked at. */
  long position(String log) {
    return of(log).position;
  }

  /** The same, and from which on entries are to be read to know what these know. */
  Progress.Stand stand(String log) {
    Reach reach = of(log);
    return new Progress.Stand(reach.position, reach.lookback.from(reach.position));
  }

  /** Time of the last entry of the log that was looked at. */
  Optional<Instant> at(String log) {
    return Optional.ofNullable(of(log).at);
  }

  /**
   * Looks at the next entries.
   *
   * @throws IllegalStateException if one is not the next of its log
   */
  List<Spell> see(List<Recorded> entries) {
    List<Sign> signs = new ArrayList<>();
    for (Recorded entry : entries) {
      Reach reach = of(entry.log());
      if (Place.of(entry).position() != reach.position) {
        throw new IllegalStateException(
            "log `"
                + entry.log()
                + "` has no entry at position "
                + reach.position
                + "; nothing after it is watched");
      }
      reach.position++;
      reach.at = entry.entry().facts().at();
      reach.lookback.see(entry);
      rules.forEach(rule -> signs.addAll(rule.see(entry)));
    }
    return Spell.of(signs, settings::within);
  }
}
