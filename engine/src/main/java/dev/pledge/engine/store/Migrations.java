package dev.pledge.engine.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * Brings the schema to the version this build was written for: {@code
 * db/migration/V###__package_what.sql}, one global sequence, forward only.
 *
 * <p>Several nodes may run it at once; one works, the others wait. Tables the owner creates are
 * open to the application's role for select, insert, update and delete, unless their migration
 * takes a right away from {@code ${application}}.
 */
public final class Migrations {
  private static final long TURN = 0x506c65646765L;

  private Migrations() {}

  /**
   * Applies what is missing. Call it before anything listens.
   *
   * @throws StartRefused if the database is newer than this build, was changed by hand, or cannot
   *     be reached
   */
  public static void run(Connections connections) {
    grantByDefault(connections);
    Flyway flyway = flyway(connections);
    try {
      refuseNewer(flyway);
      flyway.migrate();
    } catch (FlywayException e) {
      throw new StartRefused(
          "could not bring the database schema up to date; see that the database runs and has space,"
              + " and try again",
          e);
    }
    hideHistory(connections);
  }

  private static Flyway flyway(Connections connections) {
    return Flyway.configure()
        .dataSource(connections.owner())
        .locations("classpath:db/migration")
        .placeholders(Map.of("application", connections.applicationRole()))
        .cleanDisabled(true)
        .load();
  }

  private static void refuseNewer(Flyway flyway) {
    Arrays.stream(flyway.info().all())
        .filter(migration -> isNewer(migration.getState()))
        .map(MigrationInfo::getVersion)
        .max((a, b) -> a.compareTo(b))
        .ifPresent(
            version -> {
              throw new StartRefused(
                  "the database has schema version "
                      + version
                      + ", newer than this build of Pledge knows; install the newer build");
            });
  }

  private static boolean isNewer(MigrationState state) {
    return state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED;
  }

  private static void grantByDefault(Connections connections) {
    asOwner(
        connections,
        """
        alter default privileges grant select, insert, update, delete on tables to %s
        """);
  }

  private static void hideHistory(Connections connections) {
    if (!connections.applicationRole().equals("current_user")) {
      asOwner(connections, "revoke insert, update, delete on flyway_schema_history from %s");
    }
  }

  // Two nodes that grant at once would make one of them fail, so they take turns.
  private static void asOwner(Connections connections, String sql) {
    try (Database owner = Database.over(connections.owner())) {
      owner.change(
          tx -> {
            tx.handle().execute("select pg_advisory_xact_lock(?)", TURN);
            return tx.handle()
                .execute(String.format(Locale.ROOT, sql, connections.applicationRole()));
          });
    } catch (DatabaseFailed e) {
      throw new StartRefused(
          "could not prepare the database for its application role; check that it is reachable and"
              + " that both roles exist",
          e);
    }
  }
}
