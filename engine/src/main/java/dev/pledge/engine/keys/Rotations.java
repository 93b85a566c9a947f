package dev.pledge.engine.keys;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
   * @param begunAt since when the log has that the next epoch began
   * @param readyAt since when nothing needs them any more
   * @param destroyedAt when they were
   * @param trouble what keeps it from going on
   */
  public record Rotation(
      int from,
      int rate,
      Instant requestedAt,
      Instant destroyAt,
      Optional<Instant> begunAt,
      Optional<Instant> readyAt,
      Optional<Instant> destroyedAt,
      Optional<String> trouble) {}

  private static final String COLUMNS =
      """
      select from_epoch, rate, requested_at, destroy_at, begun_at, ready_at, destroyed_at, trouble
      from rotation
      """;

  /**
   * Asks for a change from {@code epoch} to the next; false if it is asked for already.
   *
   * @param grace from now to the end of the older keys, {@link #LEAST} at least; shorter where
   *     their end is planned for earlier, since that was promised to people
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
                        values (:epoch, :rate, greatest(
                                  statement_timestamp() + :least * interval '1 second',
                                  least(statement_timestamp() + :grace * interval '1 second',
                                        (select p.destroy_at from epoch_plan p
                                         where p.epoch = :epoch))))
                        on conflict do nothing
                        """)
                    .bind("epoch", epoch)
                    .bind("rate", rate)
                    .bind("grace", grace.toSeconds())
                    .bind("least", LEAST.toSeconds())
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

  /** The log has that the next epoch began. */
  public void begun(Transaction tx, Rotation rotation) {
    update(tx, rotation, "begun_at = statement_timestamp()", null);
  }

  /** Says what keeps the change from going on: something still needs the older keys. */
  public void note(Transaction tx, Rotation rotation, String trouble) {
    update(tx, rotation, "ready_at = null", trouble);
  }

  /** Nothing needs the older keys any more. */
  public void ready(Transaction tx, Rotation rotation) {
    update(tx, rotation, "ready_at = statement_timestamp()", null);
  }

  /** The older keys are destroyed. */
  public void destroyed(Transaction tx, Rotation rotation) {
    update(tx, rotation, "destroyed_at = statement_timestamp()", null);
  }

  private static void update(
      Transaction tx, Rotation rotation, String what, @Nullable String trouble) {
    tx.handle()
        .createUpdate(
            "update rotation set trouble = :trouble, " + what + " where from_epoch = :epoch")
        .bind("epoch", rotation.from())
        .bind("trouble", trouble)
        .execute();
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
        time(row, "begun_at"),
        time(row, "ready_at"),
        time(row, "destroyed_at"),
        Optional.ofNullable(row.getString("trouble")));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
