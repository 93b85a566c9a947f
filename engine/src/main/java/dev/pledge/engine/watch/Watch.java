package dev.pledge.engine.watch;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the entries of a log as they get their places, each once, and raises alarms (IV.2).
 *
 * <p>How far it has come is committed with the alarms raised on the way. Crash: what was not
 * committed is looked at again, by whichever node goes on; it tells the rules what they knew by
 * reading back as far as they look. Several nodes may run it, one at a time works. Not for use by
 * several threads.
 */
public final class Watch implements AutoCloseable {
  /** The most entries looked at in one transaction. */
  static final int TOGETHER = LogReader.BLOCK;

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** Steps without an entry after which the watch is claimed again; some of its lease is left. */
  private static final int IDLE_STEPS = 5;

  private final Feed feed;
  private final Database database;
  private final Alarms alarms;
  private final WatchSettings settings;
  private final Progress progress;
  private final Uses uses;

  /** What is known up to where; null when that is to be found out. */
  private @Nullable Rules rules;

  private int idle;

  /**
   * Watches a log.
   *
   * @param node an id of its own for each node that does
   */
  public Watch(
      String log, Feed feed, Database database, Alarms alarms, WatchSettings settings, UUID node) {
    this.feed = feed;
    this.database = database;
    this.alarms = alarms;
    this.settings = settings;
    this.progress = new Progress(log, node);
    this.uses = new Uses(settings.newcomer());
  }

  /**
   * Looks at the entries that have come, if this node watches.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now; call it
   *     again
   * @throws IllegalStateException if the log lacks an entry it should have
   */
  public void catchUp() {
    while (step() == TOGETHER) {
      LOG.debug("more entries wait to be watched");
    }
  }

  /** How many entries were looked at. */
  private int step() {
    Rules at = rules == null || idle >= IDLE_STEPS ? resumed() : rules;
    if (at == null) {
      return 0;
    }
    List<Recorded> entries = feed.from(at.position(), TOGETHER);
    rules = entries.isEmpty() ? at : lookedAt(at, entries);
    idle = entries.isEmpty() ? idle + 1 : 0;
    return rules == null ? 0 : entries.size();
  }

  /** The rules where the watch stands, or null while another node has it. */
  private @Nullable Rules resumed() {
    Rules known = rules;
    rules = null;
    idle = 0;
    Progress.Place place = progress.hold(database).orElse(null);
    if (place == null) {
      return null;
    }
    boolean upToDate = known != null && known.position() == place.position();
    return upToDate ? known : toldAgain(place);
  }

  private Rules toldAgain(Progress.Place place) {
    Rules told = new Rules(settings, place.back());
    while (told.position() < place.position()) {
      int left = (int) Math.min(TOGETHER, place.position() - told.position());
      List<Recorded> entries = feed.from(told.position(), left);
      if (entries.isEmpty()) {
        throw new IllegalStateException(
            "the log ends before position "
                + place.position()
                + ", up to which it was watched; restore it before going on");
      }
      told.see(entries);
    }
    return told;
  }

  /** The rules after these entries, or null if another node has looked at them. */
  private @Nullable Rules lookedAt(Rules at, List<Recorded> entries) {
    // INVARIANT: until the commit is known to have come through, what the rules know is in doubt.
    rules = null;
    long from = at.position();
    List<Spell> spells = at.see(entries);
    Progress.Place to = new Progress.Place(at.position(), at.from());
    boolean mine =
        database.change(
            tx ->
                progress.advance(tx, from, to, entries.getLast().entry().facts().at())
                    && raise(tx, spells));
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
