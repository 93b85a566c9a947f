package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * As long as it is open the kernel refuses each byte that an empty table would grow by, as it does
 * when there is no space left on the device.
 */
public final class FullDisk implements AutoCloseable {
  private static final String DISK_FULL = "53100";

  private final TestDatabase database;
  private final Path file;
  private final Path aside;

  /**
   * Restarts the server.
   *
   * @param database on a private server
   */
  public FullDisk(TestDatabase database, String table) throws IOException {
    this.database = database;
    this.file = database.file(table);
    this.aside = file.resolveSibling(file.getFileName() + ".aside");
    if (Files.size(file) > 0) {
      throw new IllegalArgumentException("there are rows in `" + table + "`, and so room for more");
    }
    database.stop();
    Files.move(file, aside);
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    database.start();
  }

  /**
   * Tries until the server says that there is no room: the connections of before the restart have
   * to be found broken first.
   */
  public static void await(Runnable work) throws InterruptedException {
    Await.until(() -> failure(work).equals(Optional.of(DISK_FULL)));
  }

  /** Whether the work was done. */
  public static boolean isDone(Runnable work) {
    return failure(work).isEmpty();
  }

  private static Optional<String> failure(Runnable work) {
    try {
      work.run();
      return Optional.empty();
    } catch (DatabaseFailed e) {
      return Optional.of(e.sqlState());
    }
  }

  @Override
  public void close() throws IOException {
    database.stop();
    Files.delete(file);
    Files.move(aside, file);
    database.start();
  }
}
