package dev.pledge.engine.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of our own on one data directory, for those who do not run one.
 *
 * <p>Every commit is durable: rows survive the kill of this process, of the server and of both. The
 * server listens on the loopback interface alone, asks for passwords (SCRAM) and runs without
 * rights: see {@link ServerAccount}. It ends with this process, however that ends, and is started
 * again when it ends alone. One disk is one disk: this protects nothing from its loss.
 *
 * <p>Linux on x86-64 and 64-bit ARM with glibc. Safe for use by many threads.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 5;
  private static final long LOG_LIMIT = 16L << 20;
  private static final Duration ORPHAN_PATIENCE = Duration.ofMinutes(1);

  private final DataDirectory data;
  private final DirectoryLock lock;
  private final ServerPrograms programs;

  // Guarded by this.
  private ServerKeys keys;
  private @Nullable ServerProcess server;

  private EmbeddedPostgres(
      DataDirectory data, DirectoryLock lock, ServerPrograms programs, ServerKeys keys) {
    this.data = data;
    this.lock = lock;
    this.programs = programs;
    this.keys = keys;
  }

  /**
   * Starts the server of the data directory, which is made, with an empty database in it, if it is
   * missing.
   *
   * @throws DataDirectoryLocked if another process runs it
   * @throws StartRefused if it cannot be used or the server does not start
   */
  public static EmbeddedPostgres open(Path directory, SecureRandom random) {
    DataDirectory data = new DataDirectory(directory);
    DataDirectory.refusePending(data);
    data.create();
    return openAnyhow(data, random);
  }

  /**
   * As {@link #open}, also of what was restored and is not up to date: for whoever brings it there.
   *
   * @throws StartRefused as {@link #open} does, and if there is no database
   */
  public static EmbeddedPostgres openRestored(Path directory, SecureRandom random) {
    DataDirectory data = new DataDirectory(directory);
    if (!data.hasCluster()) {
      throw new StartRefused("`" + data.root() + "` holds no database; name the one restored");
    }
    return openAnyhow(data, random);
  }

  private static EmbeddedPostgres openAnyhow(DataDirectory data, SecureRandom random) {
    DirectoryLock lock = DirectoryLock.take(data);
    EmbeddedPostgres running = null;
    try {
      EmbeddedPostgres opened = open(data, lock, random);
      running = opened.startFirst();
      return running;
    } catch (IOException e) {
      throw data.notWritable(e);
    } finally {
      if (running == null) {
        lock.close();
      }
    }
  }

  /** Whether {@code directory} holds a database. */
  public static boolean existsIn(Path directory) {
    return new DataDirectory(directory).hasCluster();
  }

  /**
   * How to reach the server that another process runs on the data directory.
   *
   * @throws StartRefused if none does
   */
  public static Connections attach(Path directory) {
    DataDirectory data = new DataDirectory(directory);
    if (!data.hasCluster()) {
      throw new StartRefused(
          "`" + data.root() + "` holds no database; start Pledge on it once, or name another");
    }
    DataDirectory.refusePending(data);
    Connections connections = ServerKeys.read(data).connections(ServerKeys.DATABASE);
    try (Database database = Database.over(connections.application())) {
      database.read(h -> h.execute("select 1"));
    } catch (DatabaseUnavailable e) {
      throw new StartRefused(
          "no Pledge runs on `" + data.root() + "`, or it is just starting; start it first", e);
    }
    return connections;
  }

  /** How to reach this server's database. */
  public Connections connections() {
    return connections(ServerKeys.DATABASE);
  }

  /** The process id of the server. */
  public synchronized long pid() {
    if (server == null) {
      throw new IllegalStateException("the server is stopped");
    }
    return server.pid();
  }

  /**
   * Stops the server, ending its connections but keeping every commit. The directory stays ours.
   */
  public synchronized void stop() {
    if (server != null) {
      server.stop();
      server = null;
    }
  }

  /**
   * Starts the server again on the same port.
   *
   * @throws StartRefused if it does not start
   */
  public synchronized void start() {
    if (server == null) {
      server = ServerProcess.start(programs, data, keys.port());
    }
  }

  /** Stops the server and gives the directory up. */
  @Override
  public void close() {
    stop();
    lock.close();
  }

  synchronized Connections connections(String database) {
    return keys.connections(database);
  }

  synchronized DataSource superuser(String database) {
    return keys.superuser(database);
  }

  private static EmbeddedPostgres open(DataDirectory data, DirectoryLock lock, SecureRandom random)
      throws IOException {
    refuseOtherVersion(data);
    prepareLog(data);
    ServerAccount account = ServerAccount.of(data.cluster());
    ServerPrograms programs = ServerPrograms.confined(Binaries.unpacked(), account, data);
    ServerKeys keys =
        data.hasCluster() ? ServerKeys.read(data) : make(data, programs, account, random);
    account.own(data.cluster());
    endOrphan(data, programs);
    return new EmbeddedPostgres(data, lock, programs, keys);
  }

  // A crash before the last step leaves no `pg`, and the next start begins anew.
  private static ServerKeys make(
      DataDirectory data, ServerPrograms programs, ServerAccount account, SecureRandom random)
      throws IOException {
    Path unfinished = data.unfinishedCluster();
    Path password = data.root().resolve("password.unfinished");
    DataDirectory.deleteTree(unfinished);
    Files.deleteIfExists(password);
    ServerKeys keys = ServerKeys.generate(random);
    keys.write(data);
    Files.createDirectory(unfinished);
    Files.createFile(password, DataDirectory.privateFile());
    Files.writeString(password, keys.superuser());
    account.own(unfinished);
    account.own(password);
    programs.initialise(unfinished, password);
    Files.delete(password);
    Files.writeString(
        unfinished.resolve("pg_hba.conf"),
        "host all all " + ServerKeys.HOST + "/32 scram-sha-256\n",
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.SYNC);
    Files.move(unfinished, data.cluster(), StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.sync(data.root());
    return keys;
  }

  private static void refuseOtherVersion(DataDirectory data) throws IOException {
    if (!data.hasCluster()) {
      return;
    }
    String version = Files.readString(data.cluster().resolve("PG_VERSION")).strip();
    if (!version.equals(Binaries.MAJOR)) {
      throw new StartRefused(
          "the database in `"
              + data.root()
              + "` was made by PostgreSQL "
              + version
              + " and this build brings "
              + Binaries.MAJOR
              + "; dump it with the build that made it and restore it into a new directory");
    }
  }

  private static void prepareLog(DataDirectory data) throws IOException {
    if (Files.exists(data.log()) && Files.size(data.log()) > LOG_LIMIT) {
      Files.move(
          data.log(),
          data.log().resolveSibling("postgres.log.1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(data.log())) {
      Files.createFile(data.log(), DataDirectory.privateFile());
    }
  }

  // We hold the lock, so whoever started a server that still runs is gone. A live process that is
  // not that server merely inherited its number, and PostgreSQL would refuse because of it.
  private static void endOrphan(DataDirectory data, ServerPrograms programs) throws IOException {
    ProcessHandle process = ProcessHandle.of(ServerProcess.recordedPid(data)).orElse(null);
    if (process == null) {
      return;
    }
    if (!programs.isOurs(process)) {
      Files.deleteIfExists(data.cluster().resolve("postmaster.pid"));
      return;
    }
    programs.askToStop();
    try {
      process.onExit().get(ORPHAN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("interrupted while waiting for an earlier server to end", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartRefused(
          "an earlier server on `"
              + data.root()
              + "` does not end; end process "
              + process.pid()
              + " yourself",
          e);
    }
  }

  /**
   * Gives a data directory another name, once the server that somebody left on it has ended.
   *
   * @throws DataDirectoryLocked if another process uses it
   */
  static void moveAway(DataDirectory data, Path to) throws IOException {
    try (DirectoryLock _ = DirectoryLock.take(data)) {
      if (data.hasCluster()) {
        ServerAccount account = ServerAccount.of(data.cluster());
        endOrphan(data, ServerPrograms.confined(Binaries.unpacked(), account, data));
      }
      Files.move(data.root(), to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private synchronized EmbeddedPostgres startFirst() {
    for (int attempt = 1; server == null; attempt++) {
      keys = keys.withPort(freePort(attempt == 1 ? keys.port() : 0));
      keys.write(data);
      try {
        start();
      } catch (StartRefused e) {
        // Somebody took the port between our look and the server's.
        boolean taken = String.valueOf(e.getMessage()).contains("Address already in use");
        if (!taken || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
    try {
      prepare();
      return this;
    } catch (DatabaseFailed e) {
      stop();
      throw new StartRefused("could not make the roles and the database of the server", e);
    }
  }

  private static int freePort(int preferred) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(ServerKeys.HOST), preferred));
      return socket.getLocalPort();
    } catch (IOException e) {
      if (preferred != 0) {
        return freePort(0);
      }
      throw new StartRefused(
          "could not find a free port on " + ServerKeys.HOST + "; close some connections", e);
    }
  }

  // Every step may be repeated: a crash before the last one leaves `prepared` unset.
  private synchronized void prepare() {
    if (keys.prepared()) {
      return;
    }
    try (Database cluster = Database.over(keys.superuser("postgres"))) {
      cluster.read(
          h -> {
            makeRole(h, ServerKeys.OWNER_ROLE, keys.owner());
            makeRole(h, ServerKeys.APPLICATION_ROLE, keys.application());
            makeDatabase(h, ServerKeys.DATABASE);
            return h.execute("revoke all on database postgres, template1 from public");
          });
    }
    keys = keys.asPrepared();
    keys.write(data);
  }

  private static void makeRole(Handle handle, String role, String password) {
    if (!exists(handle, "select exists (select from pg_roles where rolname = ?)", role)) {
      handle.execute("create role " + role);
    }
    handle.execute(
        String.format(
            Locale.ROOT,
            """
            alter role %s login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
            password '%s'
            """,
            role,
            password));
  }

  private static void makeDatabase(Handle handle, String name) {
    if (!exists(handle, "select exists (select from pg_database where datname = ?)", name)) {
      handle.execute("create database " + name + " owner " + ServerKeys.OWNER_ROLE);
    }
    admitApplication(handle, name);
  }

  /** Lets the application's role into the database, and nobody else. */
  static void admitApplication(Handle handle, String name) {
    handle.execute("revoke all on database " + name + " from public");
    handle.execute("grant connect on database " + name + " to " + ServerKeys.APPLICATION_ROLE);
  }

  private static boolean exists(Handle handle, String question, String name) {
    return handle.createQuery(question).bind(0, name).mapTo(Boolean.class).one();
  }
}
