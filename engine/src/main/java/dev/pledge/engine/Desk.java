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
import dev.pledge.log.Reason;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database and the keys without a {@link Pledge}: those of the server that runs on a data
 * directory or, when none does, a database started for the purpose.
 */
final class Desk implements AutoCloseable {
  /** Who does what commands do, as the log says it. */
  static final String BY = "command-line";

  private final Resources open = new Resources();
  private final Configuration at;
  private final SecureRandom random = new SecureRandom();
  private final Database database;
  private final KeyRing keys;
  private final boolean alone;
  private final Map<LogName, Audit> audits = new HashMap<>();

  /**
   * Opens what {@code at} names; its policy is not read. A data directory and its key store that do
   * not exist yet are made; those of another database are there already. That the keys were opened
   * is entered in the log.
   *
   * @param command what they are opened for
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  Desk(Configuration at, String command) {
    this.at = at;
    KeyStore.requireApart(at.keys(), at.data());
    try {
      Optional<Connections> own = at.external().isPresent() ? Optional.empty() : own();
      this.alone = own.isPresent();
      Connections connections =
          own.or(at::external).orElseGet(() -> EmbeddedPostgres.attach(at.data()));
      this.database = Database.over(connections.application());
      this.keys =
          open.add(
              alone ? KeyRing.toWrite(at, database, random) : KeyRing.toRead(at, database, random));
      keys.enterOpening(
          database,
          at.clock(),
          random,
          BY,
          new Reason("command", Optional.of(command), Optional.empty()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Of a database started for the purpose; empty if a server runs on it. */
  private Optional<Connections> own() {
    EmbeddedPostgres own;
    try {
      own = open.add(EmbeddedPostgres.open(at.data(), random));
    } catch (DataDirectoryLocked running) {
      return Optional.empty();
    }
    Migrations.run(own.connections());
    return Optional.of(own.connections());
  }

  Database database() {
    return database;
  }

  /** Whether no server runs on these keys, as far as it can be known, so that they can change. */
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
        log, _ -> open.add(audit(log, database, keys, at.clock(), random)));
  }

  /** What enters in a log whether or not it gets on. */
  static Audit audit(
      LogName log, Database database, KeyRing keys, InstantSource clock, SecureRandom random) {
    return new Audit(
        log.toString(),
        database,
        keys.store().intakeSeal(),
        keys.logSigner(log),
        Gauge.OPEN,
        clock,
        random,
        Limits.DEFAULT);
  }

  @Override
  public void close() {
    open.close();
  }
}
