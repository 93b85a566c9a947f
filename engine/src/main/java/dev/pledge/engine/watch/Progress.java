package dev.pledge.engine.watch;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How far each log has been watched, and by which node: one at a time. */
final class Progress {
  /** How long a node is taken to be at work since it was last heard of. */
  private static final int LEASE_SECONDS = 30;

  private final String log;
  private final UUID node;

  Progress(String log, UUID node) {
    this.log = log;
    this.node = node;
  }

  /**
   * Where to go on.
   *
   * @param position the next entry to be looked at
   * @param back the entry from which on the rules have to be told again what they knew
   */
  record Place(long position, long back) {}

  /** Takes or keeps the watch; empty while another node has it. */
  Optional<Place> hold(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    insert into watch (log, position, back, node, held_until)
                    values (:log, 0, 0, :node, now() + make_interval(secs => :lease))
                    on conflict (log) do update
                      set node = excluded.node, held_until = excluded.held_until
                      where watch.node = excluded.node or watch.held_until < now()
                    returning position, back
                    """)
                .bind("lease", LEASE_SECONDS)
                .bind("log", log)
                .bind("node", node)
                .map((row, context) -> new Place(row.getLong("position"), row.getLong("back")))
                .findOne());
  }

  /**
   * Goes on from {@code from} to {@code to}, in the transaction of the alarms raised in between;
   * false if another node has gone on meanwhile.
   */
  boolean advance(Transaction tx, long from, Place to, Instant at) {
    // INVARIANT: of two nodes that looked at the same entries one goes on, the other finds no row.
    return tx.handle()
            .createUpdate(
                """
                update watch set position = :to, back = :back, last_at = :at,
                                 held_until = now() + make_interval(secs => :lease)
                where log = :log and node = :node and position = :from
                """)
            .bind("lease", LEASE_SECONDS)
            .bind("log", log)
            .bind("node", node)
            .bind("from", from)
            .bind("to", to.position())
            .bind("back", to.back())
            .bind("at", at)
            .execute()
        == 1;
  }

  /** Gives the watch up, so that the next node need not wait. */
  void release(Database database) {
    database.read(
        handle ->
            handle
                .createUpdate(
                    "update watch set held_until = now() where log = :log and node = :node")
                .bind("log", log)
                .bind("node", node)
                .execute());
  }

  /** How far the log has been watched. */
  static Watched watched(Handle handle, String log) {
    return handle
        .createQuery("select position, last_at from watch where log = :log")
        .bind("log", log)
        .map((row, context) -> new Watched(row.getLong("position"), time(row)))
        .findOne()
        .orElse(new Watched(0, Optional.empty()));
  }

  private static Optional<Instant> time(ResultSet row) throws SQLException {
    @Nullable Timestamp at = row.getTimestamp("last_at");
    return Optional.ofNullable(at).map(Timestamp::toInstant);
  }
}
