package dev.pledge.engine.gate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** How much of the data is under which epoch of keys, over all tables. */
public final class EpochUses {
  /**
   * How much of the data is under an epoch.
   *
   * @param people whose keys are wrapped under it
   * @param aliases indexes of aliases
   * @param entries of the log
   * @param tiles of archived entries
   * @param replies kept for requests sent again
   */
  public record EpochUse(long people, long aliases, long entries, long tiles, long replies) {
    /** Nothing is. */
    public static final EpochUse NONE = new EpochUse(0, 0, 0, 0, 0);
  }

  private EpochUses() {}

  /** What of the database still is of the older epoch alone; empty if nothing is. */
  public static Optional<String> left(Handle handle, int epoch, int current) {
    return handle
        .createQuery(
            """
            select exists (select from subject_key where epoch = :from) as keys,
                   exists (select from intake where epoch = :from) as entries,
                   exists (select from archive where epoch = :from) as tiles,
                   exists (select from alias a where a.epoch = :from and not exists (
                     select from alias b where b.subject_id = a.subject_id and b.field = a.field
                       and b.holder = a.holder and b.epoch = :current)) as aliases
            """)
        .bind("from", epoch)
        .bind("current", current)
        .map(
            (row, context) ->
                Stream.of("keys", "entries", "tiles", "aliases")
                    .filter(column -> isTrue(row, column))
                    .toList())
        .findOne()
        .filter(left -> !left.isEmpty())
        .map(left -> "not all is brought over yet: " + String.join(", ", left));
  }

  private static boolean isTrue(ResultSet row, String column) {
    try {
      return row.getBoolean(column);
    } catch (SQLException e) {
      throw new IllegalStateException("no such column", e);
    }
  }

  /** How much of the data is under each epoch; reads every table once. */
  public static Map<Integer, EpochUse> uses(Handle handle) {
    Map<Integer, EpochUse> uses = new TreeMap<>();
    handle
        .createQuery(
            """
            select epoch,
                   coalesce(sum(n) filter (where what = 1), 0) as people,
                   coalesce(sum(n) filter (where what = 2), 0) as aliases,
                   coalesce(sum(n) filter (where what = 3), 0) as entries,
                   coalesce(sum(n) filter (where what = 4), 0) as tiles,
                   coalesce(sum(n) filter (where what = 5), 0) as replies
            from (select 1 as what, epoch, count(*) as n from subject_key group by epoch
                  union all select 2, epoch, count(*) from alias group by epoch
                  union all select 3, epoch, count(*) from intake group by epoch
                  union all select 4, epoch, count(*) from archive group by epoch
                  union all select 5, epoch, count(*) from reply group by epoch) as used
            group by epoch
            """)
        .map(
            (row, context) ->
                uses.put(
                    row.getInt("epoch"),
                    new EpochUse(
                        row.getLong("people"),
                        row.getLong("aliases"),
                        row.getLong("entries"),
                        row.getLong("tiles"),
                        row.getLong("replies"))))
        .list();
    return uses;
  }

  /** Whether answers are kept that only the older keys open. */
  public static boolean hasReplies(Handle handle, int epoch) {
    return handle
        .createQuery("select exists (select from reply where epoch <= :from)")
        .bind("from", epoch)
        .mapTo(Boolean.class)
        .one();
  }
}
