package dev.pledge.server;

import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import java.time.Duration;

/** Waits for the sequencer. */
public final class Placed {
  private static final long LONGEST = Duration.ofSeconds(60).toNanos();

  private Placed() {}

  /** Returns once every entry has its place in the log. */
  public static void await(Connections connections) {
    long start = System.nanoTime();
    try (Database database = Database.over(connections.owner())) {
      while (waits(database)) {
        if (System.nanoTime() - start > LONGEST) {
          throw new AssertionError("entries did not get their places in time");
        }
        Thread.onSpinWait();
      }
    }
  }

  private static boolean waits(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery("select exists (select from intake where leaf_index is null)")
                .mapTo(Boolean.class)
                .one());
  }
}
