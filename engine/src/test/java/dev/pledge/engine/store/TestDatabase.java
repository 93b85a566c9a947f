package dev.pledge.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh, migrated database on a real server.
 *
 * <p>Use it as {@code @RegisterExtension static final TestDatabase DATABASE =
 * TestDatabase.fresh()}: one server per JVM, started with the first, and a database of its own per
 * test class, copied from a migrated one. {@link #onPrivateServer} is for tests that stop the
 * server.
 */
public final class TestDatabase implements AutoCloseable, AfterAllCallback {
  private static final int CONNECTIONS = 8;

  private final EmbeddedPostgres server;
  private final String name;

  /** Where the server keeps what it has, if nobody shares it. */
  private final Optional<Path> apart;

  private final Connections connections;
  private final Database database;

  private TestDatabase(EmbeddedPostgres server, String name, Optional<Path> apart) {
    this.server = server;
    this.name = name;
    this.apart = apart;
    this.connections = server.connections(name);
    this.database = Database.pooled(connections.application(), CONNECTIONS, Duration.ofSeconds(2));
  }

  /** A migrated database on the server all tests share. */
  public static TestDatabase fresh() {
    return Shared.INSTANCE.next();
  }

  /** A migrated database on a server of its own, which {@link #stop} and {@link #start} obey. */
  public static TestDatabase onPrivateServer() {
    Path directory = directory();
    EmbeddedPostgres server = EmbeddedPostgres.open(directory, new SecureRandom());
    Migrations.run(server.connections());
    return new TestDatabase(server, ServerKeys.DATABASE, Optional.of(directory));
  }

  /** The database as the application sees it, pooled. */
  public Database database() {
    return database;
  }

  /** Both roles, not pooled. */
  public Connections connections() {
    return connections;
  }

  /** Connections of the application's role, not pooled. */
  public DataSource dataSource() {
    return connections.application();
  }

  /** Connections of the role that owns the tables, not pooled. */
  public DataSource owner() {
    return connections.owner();
  }

  /** The server, for those who look at its process. */
  public EmbeddedPostgres server() {
    return server;
  }

  /** The file that the rows of a table are in, to be touched while the server is stopped. */
  public Path file(String table) {
    Path cluster = new DataDirectory(requireApart()).cluster();
    // Not by the pool, whose connections may be from before a restart.
    try (Database owner = Database.over(owner())) {
      return owner.read(
          h ->
              h.createQuery("select pg_relation_filepath(:table)")
                  .bind("table", table)
                  .mapTo(String.class)
                  .map(cluster::resolve)
                  .one());
    }
  }

  /** What a migration does, to be done again to what a test has made as it was before it. */
  public static String migration(String file) {
    try (InputStream sql = Migrations.class.getResourceAsStream("/db/migration/" + file)) {
      return new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The data directory of the private server. */
  public Path home() {
    return requireApart();
  }

  /** Stops the private server; its connections break. */
  public void stop() {
    var _ = requireApart();
    server.stop();
  }

  /** Starts the private server again. */
  public void start() {
    var _ = requireApart();
    server.start();
  }

  /** Closes the pool and removes the database. */
  @Override
  public void close() {
    database.close();
    if (apart.isPresent()) {
      server.close();
      return;
    }
    try (Database cluster = Database.over(server.superuser("postgres"))) {
      cluster.read(h -> h.execute("drop database if exists " + name + " with (force)"));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private Path requireApart() {
    return apart.orElseThrow(
        () -> new IllegalStateException("other tests use this server; ask for a private one"));
  }

  /** An empty directory that is removed when the JVM ends. */
  static Path directory() {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path directory = Files.createTempDirectory(target, "store-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path directory) {
    try {
      DataDirectory.deleteTree(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Shared {
    static final Shared INSTANCE = new Shared();

    private final EmbeddedPostgres server;
    private final AtomicInteger count = new AtomicInteger();

    Shared() {
      Path directory = emptyDirectory();
      server = EmbeddedPostgres.open(directory, new SecureRandom());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    remove(directory);
                  }));
      Migrations.run(server.connections());
    }

    synchronized TestDatabase next() {
      String name = "test_" + count.incrementAndGet();
      try (Database cluster = Database.over(server.superuser("postgres"))) {
        cluster.read(
            h -> {
              h.execute(
                  "create database " + name + " template pledge owner " + ServerKeys.OWNER_ROLE);
              EmbeddedPostgres.admitApplication(h, name);
              return name;
            });
      }
      return new TestDatabase(server, name, Optional.empty());
    }

    private static Path emptyDirectory() {
      try {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "postgres-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
