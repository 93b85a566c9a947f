package dev.pledge.engine.gate;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Moves the database's clock as the application sees it: its connections find functions of the same
 * names before those of the server. Nothing else differs from a server whose clock has gone on.
 */
public final class ShiftedClock {
  private final TestDatabase database;

  private ShiftedClock(TestDatabase database) {
    this.database = database;
  }

  /** A clock for {@code database}; hand {@link #connections} to the Pledge. */
  public static ShiftedClock of(TestDatabase database) {
    try (Database owner = Database.over(database.owner())) {
      owner.read(
          handle ->
              handle.execute(
                  """
                  create schema shifted;
                  create table shifted.by (span interval not null);
                  insert into shifted.by values ('0');
                  create function shifted.now() returns timestamptz stable language sql as
                    'select pg_catalog.now() + span from shifted.by';
                  create function shifted.statement_timestamp() returns timestamptz
                    stable language sql as
                    'select pg_catalog.statement_timestamp() + span from shifted.by';
                  grant usage on schema shifted to public;
                  grant select on shifted.by to public;
                  """));
    }
    return new ShiftedClock(database);
  }

  /** A Pledge that lives by this clock. */
  public TestPledge pledge() {
    return TestPledge.on(database, connections());
  }

  /** The same, under another policy than the reference. */
  public TestPledge pledge(Path policy) {
    return TestPledge.under(policy, database, connections());
  }

  /** From now on it is {@code span} later than on other clocks. */
  public void shift(Duration span) {
    try (Database owner = Database.over(database.owner())) {
      owner.read(
          handle ->
              handle
                  .createUpdate("update shifted.by set span = make_interval(secs => :seconds)")
                  .bind("seconds", span.toMillis() / 1000.0)
                  .execute());
    }
  }

  private Connections connections() {
    return over(database.connections());
  }

  /** The same over connections of a test's own. */
  public Connections over(Connections real) {
    return new Connections(shifted(real.application()), real.owner(), real.applicationRole());
  }

  private static DataSource shifted(DataSource real) {
    return (DataSource)
        Proxy.newProxyInstance(
            ShiftedClock.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                if (result instanceof Connection connection) {
                  try (Statement statement = connection.createStatement()) {
                    statement.execute("set search_path to shifted, pg_catalog, public");
                  }
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
