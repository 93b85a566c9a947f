package dev.pledge.engine.keys;

import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of when epochs are to end. A plan is brought forward and never put off. */
final class Plans {
  /**
   * When an epoch is to end.
   *
   * @param rotateAt when the next one begins
   * @param destroyAt when its keys are destroyed
   */
  record Plan(int epoch, Instant rotateAt, Instant destroyAt) {}

  /** Plans an epoch's end, unless it was to come earlier already. */
  void put(Transaction tx, Plan plan) {
    tx.handle()
        .createUpdate(
            """
            insert into epoch_plan as planned (epoch, rotate_at, destroy_at)
            values (:epoch, :rotate, :destroy)
            on conflict (epoch) do update
            set rotate_at = least(planned.rotate_at, excluded.rotate_at),
                destroy_at = least(planned.destroy_at, excluded.destroy_at)
            """)
        .bind("epoch", plan.epoch())
        .bind("rotate", plan.rotateAt())
        .bind("destroy", plan.destroyAt())
        .execute();
  }

  /**
   * What is known of the end of an epoch.
   *
   * @param asked when its keys are destroyed by the change that was asked for, if one was
   * @param trouble what keeps that from going on
   */
  record End(int epoch, Optional<Plan> plan, Optional<Instant> asked, Optional<String> trouble) {
    /** When its keys were to be destroyed at first, if anybody has said so. */
    Optional<Instant> due() {
      Optional<Instant> planned = plan.map(Plan::destroyAt);
      return planned.isPresent() && asked.isPresent() && asked.get().isBefore(planned.get())
          ? asked
          : planned.or(() -> asked);
    }
  }

  /** What is known of the ends of these epochs, in the order of their numbers. */
  List<End> ends(Handle handle, Collection<Integer> epochs) {
    return handle
        .createQuery(
            """
            select e.epoch, p.rotate_at, p.destroy_at, r.destroy_at as asked, r.trouble
            from unnest(:epochs) as e (epoch)
            left join epoch_plan p on p.epoch = e.epoch
            left join rotation r on r.from_epoch = e.epoch
            order by e.epoch
            """)
        .bind("epochs", epochs.toArray(Integer[]::new))
        .map((row, context) -> end(row))
        .list();
  }

  private static End end(ResultSet row) throws SQLException {
    int epoch = row.getInt("epoch");
    Optional<Instant> rotateAt = time(row, "rotate_at");
    return new End(
        epoch,
        rotateAt.isPresent()
            ? Optional.of(new Plan(epoch, rotateAt.get(), time(row, "destroy_at").orElseThrow()))
            : Optional.empty(),
        time(row, "asked"),
        Optional.ofNullable(row.getString("trouble")));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
