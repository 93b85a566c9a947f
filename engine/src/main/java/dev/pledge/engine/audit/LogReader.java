package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the entries of one log that have a place, in the order of their places. Entries that still
 * wait for one are not seen.
 *
 * <p>Fails closed: a place that is empty, and an entry that was altered or lies under another id,
 * are an {@link IllegalStateException} that names the place; nothing is passed over. What it does
 * not notice: places exchanged within the database, and an end that was cut off. Those the tree and
 * its checkpoints show.
 *
 * <p>Safe for use by many threads. Source: IV.2.
 */
public final class LogReader {
  /** The most entries of one block. */
  public static final int BLOCK = 500;

  /**
   * How far the order of places may differ from that of times. Places are given in the order in
   * which commits are seen; a commit follows the time of its entry by no more than the log's
   * patience and the longest change, both of some seconds. A clock that is set back by more than
   * this hides entries from a period, and from nothing else.
   */
  public static final Duration SKEW = Duration.ofMinutes(1);

  private final String log;
  private final Database database;
  private final IntakeSeal seal;

  /** Of the log so named; the database is not closed with this. */
  public LogReader(String log, Database database, IntakeSeal seal) {
    this.log = log;
    this.database = database;
    this.seal = seal;
  }

  /**
   * Places of a log.
   *
   * @param from the first
   * @param to the first after them; {@code from} where there are none
   */
  public record Range(long from, long to) {
    /** Throws {@link IllegalArgumentException} unless {@code 0 <= from <= to}. */
    public Range {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("a range of places begins at 0 and ends no earlier");
      }
    }

    /** How many places it has. */
    public long size() {
      return to - from;
    }
  }

  /** How many entries have a place: they are 0 up to this, exclusively. */
  public long size() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select coalesce(max(leaf_index) + 1, 0) from intake
                    where log = :log and leaf_index is not null
                    """)
                .bind("log", log)
                .mapTo(Long.class)
                .one());
  }

  /**
   * The entries from a place on; fewer than {@code limit} only at the end of the log.
   *
   * @param limit the most entries, 1 to {@value #BLOCK}
   * @throws IllegalStateException if one is missing or not as it was written
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public List<Recorded> from(long position, int limit) {
    if (position < 0 || limit < 1 || limit > BLOCK) {
      throw new IllegalArgumentException(
          "a block begins at 0 or later and has 1 to " + BLOCK + " entries");
    }
    List<Recorded> block =
        database.read(
            handle ->
                handle
                    .createQuery(
                        """
                        select id, log, epoch, sealed, leaf_index from intake
                        where log = :log and leaf_index >= :position
                        order by leaf_index limit :limit
                        """)
                    .bind("log", log)
                    .bind("position", position)
                    .bind("limit", limit)
                    .map((row, context) -> open(row))
                    .list());
    for (int i = 0; i < block.size(); i++) {
      if (block.get(i).position().orElseThrow() != position + i) {
        throw missing(position + i);
      }
    }
    return block;
  }

  private Recorded open(ResultSet row) throws SQLException {
    long position = row.getLong("leaf_index");
    try {
      return IntakeRow.open(row, seal);
    } catch (RuntimeException altered) {
      throw new IllegalStateException(
          "the entry at position "
              + position
              + " of log `"
              + log
              + "` is not as it was written; restore it before going on",
          altered);
    }
  }

  private IllegalStateException missing(long position) {
    return new IllegalStateException(
        "log `"
            + log
            + "` lacks its entry at position "
            + position
            + "; restore it before going on");
  }

  /**
   * A range that holds every entry entered from {@code from}, inclusively, to {@code to},
   * exclusively, as long as no two places are further out of the order of time than {@link #SKEW};
   * it holds entries of up to twice that before and after as well. Looks at as many entries as the
   * logarithm of the log's size.
   *
   * @param from empty: from the beginning
   * @param to empty: to the end
   * @throws IllegalStateException if an entry it looks for is missing
   */
  public Range period(Optional<Instant> from, Optional<Instant> to) {
    long size = size();
    // An entry that is out by more than the skew has none of the other side beyond it.
    long first = from.map(start -> first(size, at -> !at.isBefore(start.minus(SKEW)))).orElse(0L);
    long end = to.map(until -> first(size, at -> !at.isBefore(until.plus(SKEW)))).orElse(size);
    return new Range(first, Math.max(first, end));
  }

  /** The first place for which the predicate holds, were it once true always true. */
  private long first(long size, Predicate<Instant> isLate) {
    long low = 0;
    long high = size;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (isLate.test(enteredAt(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Instant enteredAt(long position) {
    return database
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        select entered_at from intake where log = :log and leaf_index = :position
                        """)
                    .bind("log", log)
                    .bind("position", position)
                    .mapTo(Instant.class)
                    .findOne())
        .orElseThrow(() -> missing(position));
  }
}
