package dev.pledge.engine.watch;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the entries of all logs as they get their places, each once and together, and raises
 * alarms (IV.2).
 *
 * <p>How far it has come in each log is committed with the alarms raised on the way. Crash: what
 * was not committed is looked at again, by whichever node goes on; it tells the rules what they
 * knew by reading back as far as they look. Several nodes may run it, one at a time works. Not for
 * use by several threads.
 */
public final class Watch implements AutoCloseable {
  /** The most entries read and looked at in one transaction. */
  static final int TOGETHER = LogReader.BLOCK;

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** Steps without an entry after which the watch is claimed again; some of its lease is left. */
  private static final int IDLE_STEPS = 5;

  private final Map<String, Feed> feeds;

  /** The most entries read of each log. */
  private final int share;

  private final Database database;
  private final Alarms alarms;
  private final WatchSettings settings;
  private final Progress progress;
  private final Uses uses;

  /** What is known up to where; null when that is to be found out. */
  private @Nullable Rules rules;

  private int idle;

  /**
   * Watches logs.
   *
   * @param feeds the entries of each, by its name; one log or more
   * @param node an id of its own for each node that does
   */
  public Watch(
      Map<String, Feed> feeds,
      Database database,
      Alarms alarms,
      WatchSettings settings,
      UUID node) {
    this.feeds = new LinkedHashMap<>(feeds);
    this.share = TOGETHER / feeds.size();
    this.database = database;
    this.alarms = alarms;
    this.settings = settings;
    this.progress = new Progress(List.copyOf(feeds.keySet()), node);
    this.uses = new Uses(settings.newcomer());
  }

  /**
   * Looks at the entries that have come, if this node watches.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now; call it
   *     again
   * @throws IllegalStateException if a log lacks an entry it should have
   */
  public void catchUp() {
    while (step()) {
      LOG.debug("more entries wait to be watched");
    }
  }

  /** Whether there may be more to look at. */
  private boolean step() {
    Rules at = rules == null || idle >= IDLE_STEPS ? resumed() : rules;
    if (at == null) {
      return false;
    }
    Merge next = new Merge();
    feeds.forEach(
        (log, feed) -> {
          List<Recorded> entries = feed.from(at.position(log), share);
          next.add(entries, entries.size() == share);
        });
    List<Recorded> entries = next.take();
    rules = entries.isEmpty() ? at : lookedAt(at, entries);
    idle = entries.isEmpty() ? idle + 1 : 0;
    return rules != null && next.goesOn();
  }

  /** The rules where the watch stands, or null while another node has it. */
  private @Nullable Rules resumed() {
    Rules known = rules;
    rules = null;
    idle = 0;
    Map<String, Long> kept = new HashMap<>();
    feeds.forEach((log, feed) -> kept.put(log, feed.first()));
    Map<String, Progress.Stand> stands = progress.hold(database, kept).orElse(null);
    if (stands == null) {
      return null;
    }
    boolean upToDate =
        known != null
            && stands.entrySet().stream()
                .allMatch(each -> known.position(each.getKey()) == each.getValue().position());
    return upToDate ? known : toldAgain(stands);
  }

  private Rules toldAgain(Map<String, Progress.Stand> stands) {
    Map<String, Long> back = new HashMap<>();
    stands.forEach((log, stand) -> back.put(log, stand.back()));
    Rules told = new Rules(settings, back);
    Merge next;
    do {
      next = new Merge();
      for (Map.Entry<String, Feed> each : feeds.entrySet()) {
        long from = told.position(each.getKey());
        long to = Objects.requireNonNull(stands.get(each.getKey())).position();
        int left = (int) Math.min(share, to - from);
        List<Recorded> entries = left == 0 ? List.of() : each.getValue().from(from, left);
        if (entries.size() < left) {
          throw new IllegalStateException(
              "log `"
                  + each.getKey()
                  + "` ends before position "
                  + to
                  + ", up to which it was watched; restore it before going on");
        }
        next.add(entries, from + left < to);
      }
      told.see(next.take());
    } while (next.goesOn());
    return told;
  }

  /** The rules after these entries, or null if another node has looked at them. */
  private @Nullable Rules lookedAt(Rules at, List<Recorded> entries) {
    // INVARIANT: until the commit is known to have come through, what the rules know is in doubt.
    rules = null;
    Map<String, Long> from = new HashMap<>();
    feeds.keySet().forEach(log -> from.put(log, at.position(log)));
    List<Spell> spells = at.see(entries);
    List<Progress.Step> steps =
        feeds.keySet().stream()
            .map(
                log ->
                    new Progress.Step(
                        log, Objects.requireNonNull(from.get(log)), at.stand(log), at.at(log)))
            .toList();
    boolean mine = database.change(tx -> progress.advance(tx, steps) && raise(tx, spells));
    return mine ? at : null;
  }

  private boolean raise(Transaction tx, List<Spell> spells) {
    for (Spell spell : spells) {
      RuleName rule = spell.what().rule();
      if (rule != RuleName.FIRST_USE || uses.isUnusual(tx, spell)) {
        Optional<UUID> raised = alarms.raise(tx, spell, settings.within(rule));
        raised.ifPresent(
            id -> tx.afterCommit(() -> LOG.warn("alarm {} raised: {}", id, rule.word())));
      }
    }
    return true;
  }

  /** Lets another node go on at once. */
  @Override
  public void close() {
    if (rules != null) {
      rules = null;
      progress.release(database);
    }
  }
}
