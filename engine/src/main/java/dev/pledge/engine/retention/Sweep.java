package dev.pledge.engine.retention;

import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.gate.Expiry;
import dev.pledge.engine.gate.Expiry.Expired;
import dev.pledge.engine.retention.Ranges.Range;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all people and deletes what is no longer kept, a batch of people in one transaction:
 * deletions, log entries, counts, and how far it came. A crash at any line leaves the batch undone
 * and the share held for ten seconds at most; then whoever comes next goes on after the last batch
 * that committed. Safe for all threads; they share the round.
 */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /** Looked at in one statement; most have nothing that is due. */
  private static final int PEOPLE_LOOKED_AT = 2_000;

  /** Changed in one transaction; their own changes wait for it that long. */
  private static final int PEOPLE_TOGETHER = 200;

  private static final Duration REST = Duration.ofMillis(100);
  private static final int MOST_RESTS = 300;

  /** Twice as long as a share stays held by a node that is gone. */
  private static final int LOOKS_FOR_LEFT_SHARES = 200;

  private final Database database;
  private final Expiry expiry;
  private final Ranges ranges;
  private volatile boolean stopped;

  /** Over a database whose waits are the sweep's own. */
  Sweep(Database database, Expiry expiry, UUID node) {
    this.database = database;
    this.expiry = expiry;
    this.ranges = new Ranges(node);
  }

  /** What one call did. */
  record Swept(long round, long values, int failed) {}

  /**
   * Works on the round until it has ended, beginning one unless one began within {@code atLeast}.
   * One that was cut off is gone on with. Waits a moment for shares that others hold, in case they
   * are gone.
   *
   * @throws DatabaseUnavailable if the database cannot serve now; what committed stands, and the
   *     next call goes on
   * @throws Overloaded if the log takes no more for long; the same
   */
  Swept run(Duration atLeast) {
    long round = ranges.begin(database, atLeast);
    long values = 0;
    int failed = 0;
    for (int looks = 0; !stopped && looks < LOOKS_FOR_LEFT_SHARES; ) {
      Optional<Range> range = ranges.claim(database, round);
      if (range.isPresent()) {
        Swept swept = through(range.get());
        values += swept.values;
        failed += swept.failed;
        looks = 0;
      } else if (ranges.end(database, round)) {
        break;
      } else {
        looks++;
        rest();
      }
    }
    return new Swept(round, values, failed);
  }

  private static void rest() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REST.toMillis()));
  }

  /** Ends after the batch at work. */
  void stop() {
    stopped = true;
  }

  private Swept through(Range claimed) {
    Range range = claimed;
    Counter counter = new Counter();
    try {
      Expiry.Walk walk = database.read(expiry::begin);
      while (!stopped) {
        UUID after = range.reached();
        UUID to = range.to();
        Expiry.Page page = database.read(handle -> walk.page(handle, after, to, PEOPLE_LOOKED_AT));
        if (page.last().isEmpty()) {
          ranges.finish(database, range);
          break;
        }
        List<SubjectId> candidates = page.candidates();
        for (int from = 0; from < candidates.size() && !stopped; from += PEOPLE_TOGETHER) {
          int until = Math.min(from + PEOPLE_TOGETHER, candidates.size());
          List<SubjectId> together = candidates.subList(from, until);
          expire(walk, range, together, counter);
          range = range.at(together.getLast().value());
        }
        if (!stopped) {
          range = range.at(page.last().get().value());
          reach(range);
        }
      }
      if (stopped) {
        ranges.letGo(database, range);
      }
    } catch (Ranges.Lost taken) {
      LOG.info("a share of the people is swept by another node");
    } catch (RuntimeException e) {
      letGo(range);
      throw e;
    }
    return new Swept(claimed.round(), counter.values, counter.failed);
  }

  /** So that nobody has to wait; if that fails, it is free soon anyway. */
  private void letGo(Range range) {
    try {
      ranges.letGo(database, range);
    } catch (RuntimeException e) {
      LOG.debug("a share could not be let go of: {}", e.getClass().getSimpleName());
    }
  }

  private static final class Counter {
    private long values;
    private int failed;
  }

  private void reach(Range range) {
    database.change(
        tx -> {
          ranges.reach(tx, range);
          return range;
        });
  }

  /** Once all of them can be swept; otherwise one by one, so that one keeps nobody else's data. */
  private void expire(Expiry.Walk walk, Range range, List<SubjectId> together, Counter counter) {
    try {
      counter.values += patiently(walk, range, together);
    } catch (DatabaseUnavailable | KeysUnavailable | Overloaded | Ranges.Lost e) {
      throw e;
    } catch (RuntimeException e) {
      if (together.size() == 1) {
        counter.failed++;
        LOG.error(
            "what one person has that is due could not be deleted, it is tried again in the next"
                + " round: {}",
            e.getClass().getSimpleName());
        return;
      }
      for (SubjectId subject : together) {
        expire(walk, range, List.of(subject), counter);
      }
    }
  }

  /** The log has less room than a sweep could fill: it waits for others to be served first. */
  private long patiently(Expiry.Walk walk, Range range, List<SubjectId> together) {
    for (int rests = 0; ; rests++) {
      try {
        return expire(walk, range, together);
      } catch (Overloaded full) {
        if (stopped || rests == MOST_RESTS) {
          throw full;
        }
        rest();
      }
    }
  }

  private long expire(Expiry.Walk walk, Range range, List<SubjectId> together) {
    long values = 0;
    Expired expired;
    do {
      expired =
          database.change(
              tx -> {
                // First: whoever lost the share waits here, and not with people's accounts taken.
                // As
                // far as before this batch: it may take several transactions.
                ranges.reach(tx, range);
                Expired gone = walk.expire(tx, together);
                Done.add(tx, range.number(), gone.byCategory());
                return gone;
              });
      values += expired.byCategory().values().stream().mapToLong(Long::longValue).sum();
    } while (expired.more());
    return values;
  }
}
