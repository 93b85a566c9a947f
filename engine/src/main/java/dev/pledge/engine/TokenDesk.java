package dev.pledge.engine;

import dev.pledge.engine.actor.Actors;
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

/**
 * Where actors are given tokens without a {@link Pledge}: over the database of the server that runs
 * on a data directory or, when none does, over one started for the purpose. It opens the key store,
 * since what is done here is on the log and entries are sealed; it leaves people and policy alone.
 */
public final class TokenDesk implements AutoCloseable {
  private final Resources open = new Resources();
  private final Actors actors;

  private TokenDesk(Configuration at) {
    SecureRandom random = new SecureRandom();
    KeyStore.requireApart(at.keys(), at.data());
    try {
      this.actors =
          at.external().isPresent() ? beside(at, at.external().get(), random) : on(at, random);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens the desk of what {@code at} names; its policy is not read. A data directory and its key
   * store that do not exist yet are made; those of another database are there already.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static TokenDesk open(Configuration at) {
    return new TokenDesk(at);
  }

  private Actors on(Configuration at, SecureRandom random) {
    EmbeddedPostgres own;
    try {
      own = open.add(EmbeddedPostgres.open(at.data(), random));
    } catch (DataDirectoryLocked running) {
      return beside(at, EmbeddedPostgres.attach(at.data()), random);
    }
    Migrations.run(own.connections());
    Database database = Database.over(own.connections().application());
    return actors(at, database, open.add(KeyRing.toWrite(at, database, random)), random);
  }

  private Actors beside(Configuration at, Connections running, SecureRandom random) {
    Database database = Database.over(running.application());
    return actors(at, database, open.add(KeyRing.toRead(at, database, random)), random);
  }

  private Actors actors(Configuration at, Database database, KeyRing keys, SecureRandom random) {
    // What is entered here gets its place from the server that runs, or the next that does.
    Audit audit =
        open.add(
            new Audit(
                Pledge.LOG_NAME,
                database,
                keys.intakeSeal(),
                keys.logSigner(),
                Gauge.OPEN,
                at.clock(),
                random,
                Limits.DEFAULT));
    return new Actors(database, audit, at.clock(), random);
  }

  /** The actors and their tokens. */
  public Actors actors() {
    return actors;
  }

  @Override
  public void close() {
    open.close();
  }
}
