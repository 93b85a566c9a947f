package dev.pledge.engine.retention;

import dev.pledge.engine.store.Transaction;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What sweeps deleted, counted by day and category. */
final class Done {
  private Done() {}

  /** Counts in the transaction that deletes. */
  static void add(Transaction tx, short range, Map<String, Long> byCategory) {
    if (byCategory.isEmpty()) {
      return;
    }
    tx.handle()
        .createUpdate(
            """
            insert into expired (day, category, range, count)
            select (statement_timestamp() at time zone 'UTC')::date, category, :range, count
            from unnest(:categories::text[], :counts::bigint[]) as c(category, count)
            on conflict (day, category, range) do update
            set count = expired.count + excluded.count
            """)
        .bind("range", range)
        .bind("categories", byCategory.keySet().toArray(String[]::new))
        .bind("counts", byCategory.values().toArray(Long[]::new))
        .execute();
  }

  /** How many values of a category were deleted on a day, UTC. */
  record OnDay(LocalDate day, String category, long count) {}

  /** From one day to another; what a clock that was ahead counted later is left out. */
  static List<OnDay> between(Handle handle, LocalDate from, LocalDate to) {
    return handle
        .createQuery(
            """
            select day, category, sum(count) as count from expired
            where day between :from and :to group by day, category order by day, category
            """)
        .bind("from", from)
        .bind("to", to)
        .map(
            (row, context) ->
                new OnDay(
                    row.getDate("day").toLocalDate(),
                    row.getString("category"),
                    row.getLong("count")))
        .list();
  }
}
