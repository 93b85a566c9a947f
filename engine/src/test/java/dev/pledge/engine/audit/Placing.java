package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;

/** Gives entries their places as the sequencer does, in the role that may. */
public final class Placing {
  private Placing() {}

  /** Places every entry that waits, in the order in which they were made. */
  public static void all(TestDatabase database) {
    Database.over(database.owner())
        .read(
            handle -> {
              return handle.execute(
                  """
                  update intake set leaf_index = place.n
                  from (
                    select w.intake_key, w.id,
                           row_number() over (partition by w.log order by w.ctid) - 1
                             + (select count(*) from intake p
                                where p.log = w.log and p.leaf_index is not null) as n
                    from intake w where w.leaf_index is null) as place
                  where intake.intake_key = place.intake_key and intake.id = place.id
                  """);
            });
  }
}
