package dev.pledge.engine.keys;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The rows of changes of epochs. */
public final class Rotations {
  /** The shortest time from asking for a change to the end of the older epoch's keys. */
  public static final Duration LEAST = Duration.ofHours(25);

  /**
   * A change of epochs.
   *
   * @param from the epoch that is to end
   * @param rate how many keys a second are wrapped anew at most
   * @param destroyAt when its keys are to be destroyed
   * @param readyAt since when nothing needs them any more
   * @param destroyedAt when they were
   * @param trouble what keeps it from going on
   */
  public record Rotation(
      int from,
      int rate,
      Instant requestedAt,
      Instant destroyAt,
      Optional<Instant> readyAt,
      Optional<Instant> destroyedAt,
      Optional<String> trouble) {}

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

  private static final String COLUMNS =
      """
      select from_epoch, rate, requested_at, destroy_at, ready_at, destroyed_at, trouble from rotation
      """;

  /**
   * Asks for a change from {@code epoch} to the next; false if it is asked for already.
   *
   * @param grace from now to the end of the older keys, {@link #LEAST} at least
   */
  public boolean request(Database database, int epoch, int rate, Duration grace) {
    if (grace.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "answers are kept for a day under the older keys; let them live for 25 hours or longer");
    }
    return database.change(
        tx ->
            tx.handle()
                    .createUpdate(
                        """
                        insert into rotation (from_epoch, rate, destroy_at)
                        values (:epoch, :rate,
                                statement_timestamp() + :grace * interval '1 second')
                        on conflict do nothing
                        """)
                    .bind("epoch", epoch)
                    .bind("rate", rate)
                    .bind("grace", grace.toSeconds())
                    .execute()
                == 1);
  }

  /** The change that is not done yet, if there is one. */
  public Optional<Rotation> open(Handle handle) {
    return handle
        .createQuery(COLUMNS + "where destroyed_at is null order by from_epoch limit 1")
        .map(Rotations::read)
        .findOne();
  }

  /** The change that was asked for last, if any was. */
  public Optional<Rotation> last(Handle handle) {
    return handle
        .createQuery(COLUMNS + "order by from_epoch desc limit 1")
        .map(Rotations::read)
        .findOne();
  }

  /** Says what keeps the change from going on, or that nothing does. */
  public void note(Transaction tx, Rotation rotation, @Nullable String trouble) {
    update(tx, rotation, "trouble = :trouble", trouble);
  }

  /** Nothing needs the older keys any more. */
  public void ready(Transaction tx, Rotation rotation) {
    update(tx, rotation, "trouble = :trouble, ready_at = statement_timestamp()", null);
  }

  /** Something needs them again: it was under way when it was looked. */
  public void notReady(Transaction tx, Rotation rotation) {
    update(tx, rotation, "trouble = :trouble, ready_at = null", null);
  }

  /** The older keys are destroyed. */
  public void destroyed(Transaction tx, Rotation rotation) {
    update(tx, rotation, "trouble = :trouble, destroyed_at = statement_timestamp()", null);
  }

  private static void update(
      Transaction tx, Rotation rotation, String what, @Nullable String trouble) {
    tx.handle()
        .createUpdate("update rotation set " + what + " where from_epoch = :epoch")
        .bind("epoch", rotation.from())
        .bind("trouble", trouble)
        .execute();
  }

  /** What of the database still is of the older epoch alone; empty if nothing is. */
  public Optional<String> left(Handle handle, Rotation rotation, int current) {
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
        .bind("from", rotation.from())
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
  public Map<Integer, EpochUse> uses(Handle handle) {
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
  public boolean hasReplies(Handle handle, Rotation rotation) {
    return handle
        .createQuery("select exists (select from reply where epoch <= :from)")
        .bind("from", rotation.from())
        .mapTo(Boolean.class)
        .one();
  }

  /** Whether the database's clock has come to when the older keys are to be destroyed. */
  public boolean isDue(Handle handle, Rotation rotation) {
    return handle
        .createQuery(
            "select destroy_at <= statement_timestamp() from rotation where from_epoch = :epoch")
        .bind("epoch", rotation.from())
        .mapTo(Boolean.class)
        .one();
  }

  private static Rotation read(ResultSet row, StatementContext context) throws SQLException {
    return new Rotation(
        row.getInt("from_epoch"),
        row.getInt("rate"),
        row.getTimestamp("requested_at").toInstant(),
        row.getTimestamp("destroy_at").toInstant(),
        time(row, "ready_at"),
        time(row, "destroyed_at"),
        Optional.ofNullable(row.getString("trouble")));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
