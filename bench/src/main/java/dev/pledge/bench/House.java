package dev.pledge.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pledge.engine.Changes;
import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Pledge on a server of its own, durable as in production, and plain connections to the same
 * database beside it.
 */
final class House implements AutoCloseable {
  private static final int RAW_CONNECTIONS = 16;
  private static final dev.pledge.log.Caller BY =
      dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "bench");

  private final Path keys;
  private final EmbeddedPostgres server;
  private final Pledge pledge;
  private final HikariDataSource raw;
  private final AtomicLong requests = new AtomicLong();

  private House(Path keys, EmbeddedPostgres server, Pledge pledge, HikariDataSource raw) {
    this.keys = keys;
    this.server = server;
    this.pledge = pledge;
    this.raw = raw;
  }

  /** Builds one in {@code directory}, which is empty, under the policy in {@code policy}. */
  static House build(Path directory, Path policy) {
    Path keys = directory.resolve("keys");
    EmbeddedPostgres server = EmbeddedPostgres.open(directory.resolve("data"), new SecureRandom());
    Pledge pledge =
        Pledge.open(
            new Configuration(
                policy,
                directory.resolve("data"),
                keys,
                Optional.of(server.connections()),
                InstantSource.system()));
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.connections().application());
    config.setMaximumPoolSize(RAW_CONNECTIONS);
    return new House(keys, server, pledge, new HikariDataSource(config));
  }

  Pledge pledge() {
    return pledge;
  }

  /** Where the keys lie. */
  Path keys() {
    return keys;
  }

  /** A plain connection, pooled. */
  Connection raw() throws SQLException {
    return raw.getConnection();
  }

  /** Runs a statement as the owner of the tables. */
  void asOwner(String sql) throws SQLException {
    try (Connection connection = server.connections().owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one number that {@code sql} asks for. */
  long number(String sql) throws SQLException {
    try (Connection connection = raw();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** A token for a service with these roles. */
  String token(String id, String product, Set<RoleId> roles) {
    NewActor actor =
        new NewActor(
            new ActorId(id),
            Asker.Kind.SERVICE,
            roles,
            Set.of(new ProductId("general"), new ProductId(product)),
            Set.of(Scope.values()),
            Set.of());
    return pledge.actors().create(actor, Duration.ofDays(1), BY).secret();
  }

  /** Who holds the token. */
  Caller caller(String token) {
    return pledge.actors().authenticate(token).orElseThrow();
  }

  /** A change to be made. */
  interface Change {
    void make(Changes changes) throws SQLException;
  }

  /** Makes a change as a request of its own, which is answered once. */
  void change(Caller caller, Change change) {
    pledge.once(
        caller,
        "bench-" + requests.incrementAndGet(),
        new byte[32],
        changes -> {
          change.make(changes);
          return new Reply(200, null, new byte[0]);
        });
  }

  @Override
  public void close() {
    raw.close();
    pledge.close();
    server.close();
  }
}
