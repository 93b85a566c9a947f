package dev.pledge.engine.watch;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How far each log has been watched, and by which node: one at a time, and all logs together. */
final class Progress {
  /** How long a node is taken to be at work since it was last heard of. */
  private static final int LEASE_SECONDS = 30;

  private final String[] logs;
  private final UUID node;

  Progress(List<String> logs, UUID node) {
    this.logs = logs.stream().sorted().toArray(String[]::new);
    this.node = node;
  }

  /**
   * Where to go on in a log.
   *
   * @param position the next entry to be looked at
   * @param back the entry from which on the rules have to be told again what they knew
   */
  record Stand(long position, long back) {}

  /**
   * A step on in a log.
   *
   * @param from the first entry of it
   * @param at time of the last one; empty if there is none
   */
  record Step(String log, long from, Stand to, Optional<Instant> at) {}

  /**
   * Takes or keeps the watch over all logs; empty while another node has that of any. What is no
   * longer kept is passed over.
   *
   * @param kept the position of the first entry that is kept, of each log
   */
  Optional<Map<String, Stand>> hold(Database database, Map<String, Long> kept) {
    Map<String, Stand> held = new HashMap<>();
    database.read(
        handle ->
            handle
                .createQuery(
                    """
                    insert into watch (log, position, back, node, held_until)
                    select log, kept, kept, :node, now() + make_interval(secs => :lease)
                    from unnest(:logs::text[], :kept::bigint[]) as asked (log, kept) order by log
                    on conflict (log) do update
                      set node = excluded.node, held_until = excluded.held_until,
                          position = greatest(watch.position, excluded.position),
                          back = greatest(watch.back, excluded.back)
                      where watch.node = excluded.node or watch.held_until < now()
                    returning log, position, back
                    """)
                .bind("lease", LEASE_SECONDS)
                .bind("logs", logs)
                .bind("kept", Arrays.stream(logs).map(kept::get).toArray(Long[]::new))
                .bind("node", node)
                .map(
                    (row, context) ->
                        held.put(
                            row.getString("log"),
                            new Stand(row.getLong("position"), row.getLong("back"))))
                .list());
    return held.size() == logs.length ? Optional.of(held) : Optional.empty();
  }

  /**
   * Goes on in all logs, in the transaction of the alarms raised on the way; false if another node
   * has gone on meanwhile.
   *
   * @param steps one for each log, also where it is none
   */
  boolean advance(Transaction tx, List<Step> steps) {
    // INVARIANT: of two nodes that looked at the same entries one goes on, the other finds no row.
    int moved =
        tx.handle()
            .createUpdate(
                """
                update watch set position = step.position, back = step.back,
                                 last_at = coalesce(step.at, last_at),
                                 held_until = now() + make_interval(secs => :lease)
                from unnest(:logs::text[], :from::bigint[], :to::bigint[], :back::bigint[],
                            :at::timestamptz[]) as step (log, started, position, back, at)
                where watch.log = step.log and node = :node and watch.position = step.started
                """)
            .bind("lease", LEASE_SECONDS)
            .bind("node", node)
            .bind("logs", steps.stream().map(Step::log).toArray(String[]::new))
            .bind("from", steps.stream().map(Step::from).toArray(Long[]::new))
            .bind("to", steps.stream().map(step -> step.to().position()).toArray(Long[]::new))
            .bind("back", steps.stream().map(step -> step.to().back()).toArray(Long[]::new))
            .bind(
                "at",
                steps.stream()
                    .map(step -> step.at().map(Instant::toString).orElse(null))
                    .toArray(String[]::new))
            .execute();
    if (moved != 0 && moved != steps.size()) {
      // Nodes take all logs or none, so that nobody but a stranger moves some.
      throw new IllegalStateException(
          "some logs were watched on meanwhile and others not; see who else writes to the table"
              + " `watch`");
    }
    return moved != 0;
  }

  /** Gives the watch up, so that the next node need not wait. */
  void release(Database database) {
    database.read(
        handle ->
            handle
                .createUpdate(
                    "update watch set held_until = now() where log = any(:logs) and node = :node")
                .bind("logs", logs)
                .bind("node", node)
                .execute());
  }

  /** How far each log has been watched. */
  static List<Watched> watched(Handle handle) {
    return handle
        .createQuery("select log, position, last_at from watch order by length(log), log")
        .map(
            (row, context) -> new Watched(row.getString("log"), row.getLong("position"), time(row)))
        .list();
  }

  private static Optional<Instant> time(ResultSet row) throws SQLException {
    @Nullable Timestamp at = row.getTimestamp("last_at");
    return Optional.ofNullable(at).map(Timestamp::toInstant);
  }
}
