package dev.pledge.engine;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.DataDirectoryLocked;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.Migrations;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The database and the keys without a {@link Pledge}: those of the server that runs on a data
 * directory or, when none does, a database started for the purpose.
 */
final class Desk implements AutoCloseable {
  private final Resources open = new Resources();
  private final Configuration at;
  private final SecureRandom random = new SecureRandom();
  private final Database database;
  private final KeyRing keys;
  private final boolean alone;
  private final Map<LogName, Audit> audits = new HashMap<>();

  /**
   * Opens what {@code at} names; its policy is not read. A data directory and its key store that do
   * not exist yet are made; those of another database are there already.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  Desk(Configuration at) {
    this.at = at;
    KeyStore.requireApart(at.keys(), at.data());
    try {
      if (at.external().isPresent()) {
        this.database = Database.over(at.external().get().application());
        this.keys = open.add(KeyRing.toRead(at, database, random));
        this.alone = false;
        return;
      }
      EmbeddedPostgres own;
      try {
        own = open.add(EmbeddedPostgres.open(at.data(), random));
      } catch (DataDirectoryLocked running) {
        Connections beside = EmbeddedPostgres.attach(at.data());
        this.database = Database.over(beside.application());
        this.keys = open.add(KeyRing.toRead(at, database, random));
        this.alone = false;
        return;
      }
      Migrations.run(own.connections());
      this.database = Database.over(own.connections().application());
      this.keys = open.add(KeyRing.toWrite(at, database, random));
      this.alone = true;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  Database database() {
    return database;
  }

  /** Whether no server runs on these keys, so that they can be changed. */
  boolean isAlone() {
    return alone;
  }

  KeyRing keys() {
    return keys;
  }

  /** The logs that there are. */
  List<LogName> logs() {
    return keys.logs(database, 1);
  }

  SecureRandom random() {
    return random;
  }

  /** What is entered here gets its place from the server that runs, or the next that does. */
  Audit audit(LogName log) {
    return audits.computeIfAbsent(
        log,
        _ ->
            open.add(
                new Audit(
                    log.toString(),
                    database,
                    keys.intakeSeal(),
                    keys.logSigner(log),
                    Gauge.OPEN,
                    at.clock(),
                    random,
                    Limits.DEFAULT)));
  }

  @Override
  public void close() {
    open.close();
  }
}
