package dev.pledge.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String MARK = "mark-91c4";

  private final Path directory = TestDatabase.directory().resolve("data");

  @Test
  void rowsSurviveRestart() {
    short code;
    try (EmbeddedPostgres first = open()) {
      Migrations.run(first.connections());
      code = add(first.connections(), "kept");
    }

    try (EmbeddedPostgres second = open()) {
      assertThat(add(second.connections(), "kept")).isEqualTo(code);
      assertThat(add(second.connections(), "other")).isNotEqualTo(code);
    }
  }

  @Test
  void killedServerComesBackByItselfWithItsRows() throws Exception {
    try (EmbeddedPostgres server = open();
        Database database =
            Database.pooled(server.connections().application(), 2, Duration.ofSeconds(2))) {
      Migrations.run(server.connections());
      short code = Vocabulary.load(database).code("kept");
      long killed = server.pid();

      ProcessHandle.of(killed).orElseThrow().destroyForcibly();

      Await.until(() -> server.pid() != killed && answers(database));
      assertThat(Vocabulary.load(database).name(code)).isEqualTo("kept");
    }
  }

  @Test
  void stoppedServerIsUnavailableAndTheSamePoolRecovers() throws Exception {
    try (TestDatabase test = TestDatabase.onPrivateServer()) {
      Database database = test.database();
      short code = Vocabulary.load(database).code("kept");

      test.stop();
      assertThatThrownBy(() -> Vocabulary.load(database)).isInstanceOf(DatabaseUnavailable.class);
      assertThatThrownBy(() -> database.change(tx -> 1)).isInstanceOf(DatabaseUnavailable.class);

      test.start();
      Await.until(() -> answers(database));
      assertThat(Vocabulary.load(database).name(code)).isEqualTo("kept");
    }
  }

  @Test
  void serverStoppedWhileWorkingIsUnavailable() {
    try (TestDatabase test = TestDatabase.onPrivateServer()) {
      assertThatThrownBy(
              () ->
                  test.database()
                      .change(
                          tx -> {
                            tx.handle().execute("select 1");
                            test.stop();
                            return tx.handle().execute("select 1");
                          }))
          .isInstanceOf(DatabaseUnavailable.class);
    }
  }

  @Test
  void directoryServesOneHolderInThisProcess() throws Exception {
    try (EmbeddedPostgres server = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(DataDirectoryLocked.class)
          .hasMessageContaining("this process")
          .hasMessageContaining("stop it first");

      // The refusal must not have given the first holder's lock away.
      assertThat(said("open")).startsWith("DataDirectoryLocked");
      assertThat(server.pid()).isPositive();
    }
    open().close();
  }

  @Test
  void directoryServesOneProcessAndNamesIt() throws Exception {
    Process other = ServerProgram.run("open", directory);
    assertThat(ServerProgram.line(other)).matches("\\d+");

    assertThatThrownBy(this::open)
        .isInstanceOf(DataDirectoryLocked.class)
        .hasMessageContaining("process " + other.pid());

    other.getOutputStream().close();
    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    open().close();
  }

  @Test
  void whoseDirectoryWasMovedAwayEndsItsOwnServerAndNotTheOneInItsPlace() throws Exception {
    Path elsewhere = directory.resolveSibling("other");
    EmbeddedPostgres moved = open();
    ProcessHandle server = ProcessHandle.of(moved.pid()).orElseThrow();
    try (EmbeddedPostgres other = EmbeddedPostgres.open(elsewhere, RANDOM)) {
      Files.move(directory, directory.resolveSibling("data.lost"));
      Files.move(elsewhere, directory);
      long serving = other.pid();

      moved.close();

      Files.move(directory, elsewhere);
      assertThat(server.isAlive()).isFalse();
      Migrations.run(other.connections());
      assertThat(add(other.connections(), "kept")).isPositive();
      assertThat(other.pid()).isEqualTo(serving);
    }
  }

  @Test
  void anotherProcessAttaches() throws Exception {
    try (EmbeddedPostgres server = open()) {
      Migrations.run(server.connections());

      String code = said("attach");

      assertThat(add(server.connections(), "attached")).isEqualTo(Short.parseShort(code));
    }
  }

  @Test
  void nothingToAttachToIsSaid() {
    assertThatThrownBy(() -> EmbeddedPostgres.attach(directory))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("holds no database");

    open().close();

    assertThatThrownBy(() -> EmbeddedPostgres.attach(directory))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("start it first");
  }

  @Test
  void killedProcessTakesItsServerWithIt() throws Exception {
    Process other = ServerProgram.run("open", directory);
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(ServerProgram.line(other))).orElseThrow();

    other.destroyForcibly().waitFor();

    Await.until(() -> isGone(server));
    open().close();
  }

  @Test
  void serverThatOutlivedItsProcessIsEnded() throws Exception {
    open().close();
    DataDirectory data = new DataDirectory(directory);
    Process orphan = programs(data).startServer(ServerKeys.read(data).port());
    Await.until(() -> ServerProcess.recordedPid(data) == orphan.pid());

    try (EmbeddedPostgres server = open()) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(server.pid()).isNotEqualTo(orphan.pid());
    }
  }

  @Test
  void recordedNumberOfAnUnrelatedProcessIsNoObstacle() throws Exception {
    open().close();
    Process unrelated = sleepingAsServerAccount();
    Files.writeString(
        directory.resolve("pg/postmaster.pid"),
        unrelated.pid() + "\n/proc/self/cwd\n1\n1\n\n127.0.0.1\n 1 1\nready   \n");

    try (EmbeddedPostgres server = open()) {
      assertThat(server.pid()).isNotEqualTo(unrelated.pid());
      assertThat(unrelated.isAlive()).isTrue();
    } finally {
      unrelated.destroyForcibly();
    }
  }

  @Test
  void interruptedFirstStartBeginsAnew() throws IOException {
    Files.createDirectories(directory.resolve("pg.unfinished/base"));
    Files.writeString(directory.resolve("password.unfinished"), "old");
    ServerKeys.generate(RANDOM).write(new DataDirectory(directory));

    try (EmbeddedPostgres server = open()) {
      assertThat(answers(Database.over(server.connections().application()))).isTrue();
    }
    assertThat(directory.resolve("pg.unfinished")).doesNotExist();
    assertThat(directory.resolve("password.unfinished")).doesNotExist();
  }

  @Test
  void interruptedPreparationIsRepeated() {
    open().close();
    DataDirectory data = new DataDirectory(directory);
    ServerKeys keys = ServerKeys.read(data);
    new ServerKeys(keys.port(), keys.superuser(), "newpassword", keys.application(), false)
        .write(data);

    try (EmbeddedPostgres server = open()) {
      Migrations.run(server.connections());
      assertThat(ServerKeys.read(data).prepared()).isTrue();
    }
  }

  @Test
  void clusterOfAnotherMajorVersionIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("pg"));
    Files.writeString(directory.resolve("pg/PG_VERSION"), "17\n");

    assertThatThrownBy(this::open)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("17")
        .hasMessageContaining("dump");
    assertThatThrownBy(this::open).isNotInstanceOf(DataDirectoryLocked.class);
  }

  @Test
  void lostConnectionFileIsExplained() throws IOException {
    open().close();
    Files.delete(directory.resolve("connection.properties"));

    assertThatThrownBy(this::open)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("connection.properties")
        .hasMessageContaining("restore");
  }

  @Test
  void directoryThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.createFile(directory);

    assertThatThrownBy(() -> EmbeddedPostgres.open(file, RANDOM))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("not a directory");
    assertThatThrownBy(() -> EmbeddedPostgres.open(Path.of("/proc/pledge"), RANDOM))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("make it writable");
  }

  @Test
  void takenPortIsLeftToItsHolder() throws IOException {
    open().close();
    int port = ServerKeys.read(new DataDirectory(directory)).port();

    try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
        EmbeddedPostgres server = open()) {
      assertThat(answers(Database.over(server.connections().application()))).isTrue();
      assertThat(ServerKeys.read(new DataDirectory(directory)).port())
          .isNotEqualTo(holder.getLocalPort());
    }
  }

  @Test
  void platformWithoutProgramsIsNamed() {
    assertThatThrownBy(() -> Binaries.unpacked(directory, "Mac OS X", "aarch64"))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("Mac OS X aarch64")
        .hasMessageContaining("JDBC URL");
    assertThatThrownBy(() -> Binaries.unpacked(directory, "Linux", "riscv64"))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("riscv64");
  }

  @Test
  void bothArchitecturesAreOnBoard() {
    assertThat(Binaries.unpacked(directory, "Linux", "amd64").program("postgres")).exists();
    assertThat(Binaries.unpacked(directory, "Linux", "aarch64").program("postgres")).exists();
  }

  @Test
  void processesThatUnpackAtOnceShareTheResult() throws Exception {
    Callable<Path> unpack =
        () -> Binaries.unpacked(directory, "Linux", "amd64").program("postgres");
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Path>> done = threads.invokeAll(List.of(unpack, unpack));

      assertThat(done.get(0).get()).isEqualTo(done.get(1).get()).isExecutable();
    }
    try (var left = Files.list(directory)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .hasSize(2)
          .doesNotContain("unfinished");
    }
  }

  @Test
  void cacheThatCannotBeWrittenIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> Binaries.unpacked(Path.of("/proc/pledge"), "Linux", "amd64"))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(Binaries.CACHE_PROPERTY);
  }

  @Test
  void applicationRoleReachesNeitherFilesNorRights() {
    try (EmbeddedPostgres server = open()) {
      Database application = Database.over(server.connections().application());
      for (String forbidden :
          List.of(
              "copy (select 1) to program 'true'",
              "copy (select 1) to '/tmp/pledge-must-not-exist'",
              "select pg_read_file('postgresql.conf')",
              "select pg_read_binary_file('PG_VERSION')",
              "select pg_ls_dir('.')",
              "select lo_import('/etc/passwd')",
              "create role more",
              "create database more",
              "create schema more",
              "create function f() returns int language c as 'x', 'y'",
              "alter system set fsync = off",
              "alter role pledge_app superuser",
              "set role pledge_owner",
              "set session authorization postgres",
              "set log_min_messages = debug5",
              "select rolpassword from pg_authid",
              "checkpoint")) {
        assertThat(catchThrowable(() -> application.read(h -> h.execute(forbidden))))
            .as(forbidden)
            .isInstanceOf(DatabaseFailed.class)
            .hasMessageContaining("42501");
      }
      assertThatThrownBy(
              () ->
                  Database.over(server.connections("postgres").application())
                      .read(h -> h.execute("select 1")))
          .isInstanceOf(DatabaseUnavailable.class);
      assertThat(
              application.<Boolean>read(
                  h ->
                      h.createQuery("select rolsuper from pg_roles where rolname = current_user")
                          .mapTo(Boolean.class)
                          .one()))
          .isFalse();
    }
  }

  @Test
  void settingsAreInForce() {
    try (EmbeddedPostgres server = open()) {
      Map<String, String> expected =
          Map.ofEntries(
              Map.entry("server_version", "18.6"),
              Map.entry("fsync", "on"),
              Map.entry("full_page_writes", "on"),
              Map.entry("synchronous_commit", "on"),
              Map.entry("data_checksums", "on"),
              Map.entry("wal_level", "replica"),
              Map.entry("server_encoding", "UTF8"),
              Map.entry("jit", "off"),
              Map.entry("shared_buffers", "256MB"),
              Map.entry("max_connections", "100"),
              Map.entry("listen_addresses", "127.0.0.1"),
              Map.entry("log_error_verbosity", "terse"),
              Map.entry("log_parameter_max_length", "0"),
              Map.entry("log_parameter_max_length_on_error", "0"),
              Map.entry("log_min_error_statement", "panic"),
              Map.entry("password_encryption", "scram-sha-256"),
              Map.entry("application_name", "pledge"));
      Database application = Database.over(server.connections().application());
      application.verify();

      assertThat(
              application.<Map<String, String>>read(
                  h ->
                      h.createQuery(
                              "select n, current_setting(n) from unnest(cast(:n as text[])) as n")
                          .bindArray("n", String.class, expected.keySet())
                          .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))))
          .isEqualTo(expected);
      assertThat(
              application.<String>read(
                  h ->
                      h.createQuery(
                              "select format('%s %s', datlocprovider, datlocale) from pg_database"
                                  + " where datname = current_database()")
                          .mapTo(String.class)
                          .one()))
          .isEqualTo("b C.UTF-8");
    }
  }

  @Test
  void serverRunsWithoutRights() throws IOException {
    try (EmbeddedPostgres server = open()) {
      Map<String, String> status = status(server.pid());

      assertThat(status.get("NoNewPrivs")).isEqualTo("1");
      assertThat(status.get("CapEff")).isEqualTo("0000000000000000");
      assertThat(status.get("CapPrm")).isEqualTo("0000000000000000");
      if (ServerAccount.isRoot()) {
        assertThat(status.get("Uid").split("\\s")).doesNotContain("0");
        assertThat(status.get("Gid").split("\\s")).doesNotContain("0");
        assertThat(status.get("Groups")).isBlank();
        assertThat(status.get("CapBnd")).isEqualTo("0000000000000000");
        assertThat(status.get("CapInh")).isEqualTo("0000000000000000");
      }
    }
  }

  @Test
  void secretsAndClusterAreOpenToTheirOwnersAlone() throws IOException {
    try (EmbeddedPostgres server = open()) {
      assertThat(server.pid()).isPositive();
      assertThat(permissions("")).isEqualTo("rwx------");
      assertThat(permissions("pg")).isEqualTo("rwx------");
      for (String file : List.of("connection.properties", "lock", "postgres.log")) {
        assertThat(permissions(file)).as(file).isEqualTo("rw-------");
      }
      String commandLine = Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"));
      assertThat(commandLine).doesNotContain(ServerKeys.read(new DataDirectory(directory)).owner());
    }
  }

  @Test
  void accountOfTheServerCannotReadTheConnectionFile() throws Exception {
    open().close();
    ServerAccount account = ServerAccount.of(directory.resolve("pg"));
    if (!account.apart()) {
      assertThat(permissions("connection.properties")).isEqualTo("rw-------");
      return;
    }
    List<String> command = new ArrayList<>(account.confinements().getFirst());
    command.addAll(List.of("cat", directory.resolve("connection.properties").toString()));

    Process reading = new ProcessBuilder(command).redirectErrorStream(true).start();

    assertThat(new String(reading.getInputStream().readAllBytes(), UTF_8))
        .contains("Permission denied");
  }

  @Test
  void serverLogRepeatsNoValue() throws IOException {
    try (EmbeddedPostgres server = open()) {
      Migrations.run(server.connections());
      Database application = Database.over(server.connections().application());
      for (String failing :
          List.of(
              "select '" + MARK + "'::uuid",
              "insert into vocabulary values (1, '" + MARK + "'), (1, '" + MARK + "')",
              "insert into vocabulary values (0, '" + MARK + "')",
              "do $$ begin raise warning 'x " + MARK + "'; end $$",
              "selekt " + MARK)) {
        attempt(application, failing);
        attempt(application, "select ?::uuid", MARK);
      }
      assertThat(Files.readString(directory.resolve("postgres.log")))
          .contains("ready to accept connections")
          .doesNotContain(MARK);
    }
  }

  @Test
  void impostorOnThePortIsNeverToldThePassword() throws Exception {
    try (ServerSocket impostor = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      CompletableFuture<String> told =
          CompletableFuture.supplyAsync(() -> askForClearPassword(impostor));
      ServerKeys keys = ServerKeys.generate(RANDOM).withPort(impostor.getLocalPort());

      assertThatThrownBy(
              () ->
                  Database.over(keys.connections("pledge").application())
                      .read(h -> h.execute("select 1")))
          .isInstanceOf(DatabaseUnavailable.class);
      assertThat(told.get(10, TimeUnit.SECONDS)).doesNotContain(keys.application());
    }
  }

  private static void attempt(Database database, String sql, Object... arguments) {
    try {
      database.read(h -> h.execute(sql, arguments));
    } catch (DatabaseFailed e) {
      assertThat(e.getMessage()).doesNotContain(MARK);
    }
  }

  private EmbeddedPostgres open() {
    return EmbeddedPostgres.open(directory, RANDOM);
  }

  private String said(String what) throws IOException, InterruptedException {
    Process other = ServerProgram.run(what, directory);
    String line = ServerProgram.line(other);
    other.waitFor();
    return line;
  }

  private static ServerPrograms programs(DataDirectory data) {
    return ServerPrograms.confined(Binaries.unpacked(), ServerAccount.of(data.cluster()), data);
  }

  private Process sleepingAsServerAccount() throws IOException {
    List<String> command =
        new ArrayList<>(ServerAccount.of(directory.resolve("pg")).confinements().getFirst());
    command.addAll(List.of("sleep", "600"));
    return new ProcessBuilder(command).start();
  }

  private static short add(Connections connections, String name) {
    try (Database database = Database.over(connections.application())) {
      return Vocabulary.load(database).code(name);
    }
  }

  private static boolean answers(Database database) {
    try {
      return database.<Boolean>read(h -> h.createQuery("select true").mapTo(Boolean.class).one());
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  // A process nobody has waited for yet has ended all the same.
  private static boolean isGone(ProcessHandle process) {
    try {
      return !process.isAlive() || status(process.pid()).get("State").startsWith("Z");
    } catch (IOException e) {
      return true;
    }
  }

  private static Map<String, String> status(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .map(line -> line.split(":\\s*", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }

  private static String askForClearPassword(ServerSocket impostor) {
    try (Socket client = impostor.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      in.readNBytes(in.readInt() - 4);
      client.getOutputStream().write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3});
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
