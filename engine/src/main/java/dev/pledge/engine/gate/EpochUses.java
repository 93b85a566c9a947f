package dev.pledge.engine.gate;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  /** Whether something of the database is of the older epoch alone. */
  public static boolean isLeft(Handle handle, int epoch, int current) {
    return handle
        .createQuery(
            """
            select exists (select from subject_key where epoch = :from)
                or exists (select from intake where epoch = :from)
                or exists (select from archive where epoch = :from)
                or exists (select from alias a where a.epoch = :from and not exists (
                     select from alias b where b.subject_id = a.subject_id and b.field = a.field
                       and b.holder = a.holder and b.epoch = :current))
            """)
        .bind("from", epoch)
        .bind("current", current)
        .mapTo(Boolean.class)
        .one();
  }

  /** The epochs that aliases have indexes of and that live no more, as restored data may have. */
  public static List<Integer> deadOfAliases(Handle handle, Set<Integer> living) {
    return handle
        .createQuery(
            "select distinct epoch from alias where not epoch = any(:living) order by epoch")
        .bind("living", living.toArray(Integer[]::new))
        .mapTo(Integer.class)
        .list();
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
