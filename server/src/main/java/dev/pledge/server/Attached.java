package dev.pledge.server;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.DataDirectoryLocked;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.Migrations;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Work on the actors of a data directory: over the database of the server that runs on it, or, when
 * none does, over one started for the purpose. Needs no key: tokens are no personal data.
 */
final class Attached {
  private Attached() {}

  static <T> T actors(Places places, Function<Actors, T> work) {
    SecureRandom random = new SecureRandom();
    try (EmbeddedPostgres own = EmbeddedPostgres.open(places.data(), random)) {
      Migrations.run(own.connections());
      return actors(own.connections(), random, work);
    } catch (DataDirectoryLocked running) {
      return actors(EmbeddedPostgres.attach(places.data()), random, work);
    }
  }

  private static <T> T actors(
      Connections connections, SecureRandom random, Function<Actors, T> work) {
    try (Database database = Database.over(connections.application())) {
      return work.apply(new Actors(database, InstantSource.system(), random));
    }
  }
}
