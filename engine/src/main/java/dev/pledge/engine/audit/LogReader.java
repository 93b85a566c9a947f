package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Tile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Reads the entries of one log that have a place, in the order of their places. Entries that still
 * wait for one are not seen.
 *
 * <p>Fails closed: a place that is empty, and an entry that was altered or lies under another id,
 * are an {@link IllegalStateException} that names the place; nothing is passed over. What it does
 * not notice: places exchanged within the database, times of tiles that were altered, and an end
 * that was cut off. The first and the last the tree and its checkpoints show; whoever doubts the
 * times reads without a period.
 *
 * <p>Safe for use by many threads. Source: IV.2.
 */
public final class LogReader {
  /** The most entries of one block. */
  public static final int BLOCK = 500;

  private final String log;
  private final Database database;
  private final IntakeSeal seal;
  private final Archive archive;
  private final Trees trees;

  /** Entries before this place are in the archive, or were; it may be behind. */
  private volatile long archived;

  /** Of the log so named; the database is not closed with this. */
  public LogReader(String log, Database database, IntakeSeal seal) {
    this.log = log;
    this.database = database;
    this.seal = seal;
    this.archive = new Archive(seal);
    this.trees = new Trees(log);
  }

  /** The log's name here. */
  public String log() {
    return log;
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
                    select coalesce(
                      (select max(leaf_index) + 1 from intake
                        where log = :log and leaf_index is not null),
                      (select (max(index) + 1) * 256 from archive where log = :log),
                      0)
                    """)
                .bind("log", log)
                .mapTo(Long.class)
                .one());
  }

  /** The place of the first entry that is still kept; those before it have their hashes left. */
  public long first() {
    return database.read(handle -> Archive.first(handle, log));
  }

  /**
   * The entries from a place on; fewer than {@code limit} only at the end of the log.
   *
   * @param limit the most entries, 1 to {@value #BLOCK}
   * @throws IllegalStateException if one is missing or not as it was written, or no longer kept
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public List<Recorded> from(long position, int limit) {
    if (position < 0 || limit < 1 || limit > BLOCK) {
      throw new IllegalArgumentException(
          "a block begins at 0 or later and has 1 to " + BLOCK + " entries");
    }
    return database.read(handle -> from(handle, position, limit));
  }

  /**
   * All of so many entries from a place on.
   *
   * @param count 1 to {@value #BLOCK}
   * @throws IllegalStateException as {@link #from(long, int)} does, and if the log ends before
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public List<Recorded> all(long position, int count) {
    List<Recorded> entries = from(position, count);
    if (entries.size() < count) {
      throw missing(position + entries.size());
    }
    return entries;
  }

  private List<Recorded> from(Handle handle, long position, int limit) {
    List<Recorded> block = new ArrayList<>();
    List<Recorded> more;
    do {
      more = next(handle, position + block.size(), limit - block.size());
      block.addAll(more);
    } while (!more.isEmpty() && block.size() < limit);
    for (int i = 0; i < block.size(); i++) {
      if (block.get(i).position().orElseThrow() != position + i) {
        throw missing(position + i);
      }
    }
    return block;
  }

  /** Some that follow, of where the first of them lies; none at the end of the log. */
  private List<Recorded> next(Handle handle, long position, int limit) {
    if (position >= archived) {
      List<Recorded> rows = rows(handle, position, limit);
      if (!rows.isEmpty() && rows.getFirst().position().orElseThrow() == position) {
        return rows;
      }
      // In this order: an entry goes from there to the archive, and never back.
      archived = archive.next(handle, log) * Tile.WIDTH;
      if (position >= archived) {
        if (rows.isEmpty()) {
          return rows;
        }
        throw missing(position);
      }
    }
    List<Recorded> tile = archive.tile(handle, log, position / Tile.WIDTH);
    int first = (int) (position % Tile.WIDTH);
    if (tile.size() <= first) {
      throw position < Archive.first(handle, log) ? pruned(position) : missing(position);
    }
    return tile.subList(first, Math.min(tile.size(), first + limit));
  }

  /** Those that have rows of their own. */
  private List<Recorded> rows(Handle handle, long position, int limit) {
    return handle
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
        .list();
  }

  private Recorded open(ResultSet row) throws SQLException {
    long position = row.getLong("leaf_index");
    try {
      return IntakeRow.open(row, seal);
    } catch (KeysUnavailable locked) {
      throw locked;
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

  private IllegalStateException pruned(long position) {
    return new IllegalStateException(
        "entry " + position + " of log `" + log + "` is no longer kept; only its hash is");
  }

  /**
   * A range that holds every entry that is kept and was decided from {@code from}, inclusively, to
   * {@code to}, exclusively, and as few others as whole tiles and the order of places allow: where
   * a clock was set back, those that lie between.
   *
   * @param from empty: from the first that is kept
   * @param to empty: to the end
   * @throws LogBroken if the log lacks a tile
   */
  public Range period(Optional<Instant> from, Optional<Instant> to) {
    // In this order: what is let go lies before the end that is seen later.
    long kept = first();
    long size = size();
    if (from.isEmpty() && to.isEmpty()) {
      return new Range(kept, size);
    }
    if (kept == size || (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get()))) {
      return new Range(kept, kept);
    }
    Range tiles = new Range(kept / Tile.WIDTH, Math.ceilDiv(size, Tile.WIDTH));
    Range within = database.read(handle -> trees.decided(handle, tiles, from, to));
    return new Range(
        Math.min(within.from() * Tile.WIDTH, size), Math.min(within.to() * Tile.WIDTH, size));
  }
}
