package dev.pledge.engine.keys;

import dev.pledge.engine.store.Transaction;
import java.time.Instant;
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

  /** When the epoch is to end, if that is planned. */
  Optional<Plan> of(Handle handle, int epoch) {
    return handle
        .createQuery("select epoch, rotate_at, destroy_at from epoch_plan where epoch = :epoch")
        .bind("epoch", epoch)
        .map(
            (row, context) ->
                new Plan(
                    row.getInt("epoch"),
                    row.getTimestamp("rotate_at").toInstant(),
                    row.getTimestamp("destroy_at").toInstant()))
        .findOne();
  }
}
