package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Entry;
import java.util.List;
import java.util.UUID;

/** Reads what lies in the intake. */
public final class TestIntake {
  private TestIntake() {}

  /** Every entry, in the order in which they were made. */
  public static List<Entry> entries(Database database, IntakeSeal seal) {
    return database.read(
        handle ->
            handle
                .createQuery("select id, epoch, sealed from intake order by ctid")
                .map(
                    (row, context) ->
                        Entry.decode(
                            seal.open(
                                row.getObject("id", UUID.class),
                                new IntakeSeal.Sealed(
                                    row.getInt("epoch"), row.getBytes("sealed")))))
                .list());
  }
}
