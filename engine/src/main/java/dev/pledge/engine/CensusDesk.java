package dev.pledge.engine;

import dev.pledge.engine.gate.Census;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.DataDirectoryLocked;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Where people are counted without a {@link Pledge} and without keys: over the database of the
 * server that runs on a data directory or, when none does, over one started for the purpose.
 */
public final class CensusDesk implements AutoCloseable {
  private final Resources open = new Resources();
  private final Database database;

  private CensusDesk(Path data) {
    try {
      this.database = Database.over(connections(data).application());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens a data directory.
   *
   * @throws dev.pledge.engine.store.StartRefused if its database cannot be used
   */
  public static CensusDesk open(Path data) {
    return new CensusDesk(data);
  }

  private Connections connections(Path data) {
    EmbeddedPostgres own;
    try {
      own = open.add(EmbeddedPostgres.open(data, new SecureRandom()));
    } catch (DataDirectoryLocked running) {
      return EmbeddedPostgres.attach(data);
    }
    return own.connections();
  }

  /** What counts them. */
  public Census census() {
    return new Census(database);
  }

  @Override
  public void close() {
    open.close();
  }
}
