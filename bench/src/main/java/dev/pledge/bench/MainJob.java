package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import dev.pledge.server.http.Limits;
import dev.pledge.server.http.PledgeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The main job beside what it replaces, as a Markdown table on standard output: {@code MainJob
 * [DIRECTORY]}, run in the project's directory. The directory must be on a disk whose fsync is
 * real; what is made in it is deleted again.
 */
public final class MainJob {
  private static final int PEOPLE = 10_000;

  /** Enough that nobody's values are collected twice. */
  private static final int COLLECTED = 60_000;

  private static final int ROUNDS = 3;
  private static final Duration EACH = Duration.ofSeconds(2);
  private static final int MANY = 64;
  private static final int COLLECTORS = 16;

  private static final ThreadFactory PLATFORM = Thread.ofPlatform().factory();
  private static final ThreadFactory VIRTUAL = Thread.ofVirtual().factory();

  private MainJob() {}

  /** Measures and prints; takes about five minutes. */
  public static void main(String[] args) throws IOException, SQLException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Path parent = Path.of(args.length == 0 ? "bench/target" : args[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory(Files.createDirectories(parent), "main-job-");
    try {
      heading();
      try (House house = House.build(Files.createDirectory(directory.resolve("a")), policy())) {
        measure(house);
      }
      space(Files.createDirectory(directory.resolve("b")));
    } finally {
      delete(directory);
    }
  }

  private static Path policy() {
    return Path.of("policies/emeet").toAbsolutePath();
  }

  private static void measure(House house) throws IOException, SQLException {
    Set<RoleId> roles = Set.of(new RoleId("product-backend"), new RoleId("message-sender"));
    String token = house.token("backend", "meeting", roles);
    Caller caller = house.caller(token);
    progress("registering " + PEOPLE + " people");
    People people =
        People.register(
            house,
            caller,
            PolicyVersion.of("emeet@2020-04-23"),
            "meeting",
            0,
            PEOPLE,
            person -> Map.of("identity.name", People.name(person)));
    Reads reads = new Reads(house, people, caller);
    reads.fillPlainTable();
    progress("reading in process");
    inProcess(reads);
    progress("reading over HTTP");
    overHttp(house, people, reads, token);
    progress("registering " + COLLECTED + " more, of whom nothing is known");
    People unknown =
        People.register(
            house,
            caller,
            PolicyVersion.of("emeet@2020-04-23"),
            "meeting",
            PEOPLE,
            COLLECTED,
            person -> Map.of());
    progress("collecting");
    collects(house, unknown, caller);
  }

  private static void inProcess(Reads reads) {
    Load plain = new Load(PEOPLE);
    Load governed = new Load(PEOPLE);
    Map<String, Sample> medians =
        new Arms()
            .add("plain 1", () -> plain.run(1, PLATFORM, EACH, reads::plain))
            .add("governed 1", () -> governed.run(1, PLATFORM, EACH, reads::governed))
            .add("plain many", () -> plain.run(MANY, PLATFORM, EACH, reads::plain))
            .add("governed many", () -> governed.run(MANY, PLATFORM, EACH, reads::governed))
            .add("virtual many", () -> governed.run(MANY, VIRTUAL, EACH, reads::governed))
            .measure(ROUNDS);
    row("read 3 fields, 1 thread", "JDBC select", medians, "plain 1", "governed 1");
    row("read 3 fields, 64 threads", "JDBC select", medians, "plain many", "governed many");
    row("the same, virtual threads", "JDBC select", medians, "plain many", "virtual many");
  }

  private static void overHttp(House house, People people, Reads reads, String token)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (PledgeServer server =
            PledgeServer.start(house.pledge(), address, patient(), InstantSource.system());
        HttpClients clients = HttpClients.start(server.port())) {
      clients.prepare("empty", List.of(empty()));
      clients.prepare(
          "governed",
          IntStream.range(0, people.count()).mapToObj(i -> reads.exchange(i, token)).toList());
      Map<String, Sample> medians =
          new Arms()
              .add("empty 1", () -> clients.run("empty", 1, EACH))
              .add("governed 1", () -> clients.run("governed", 1, EACH))
              .add("empty", () -> clients.run("empty", MANY, EACH))
              .add("governed", () -> clients.run("governed", MANY, EACH))
              .measure(ROUNDS);
      row("read over HTTP, 1 connection", "`/health/live`", medians, "empty 1", "governed 1");
      row("read over HTTP, 64 connections", "`/health/live`", medians, "empty", "governed");
    }
  }

  private static Exchange empty() {
    byte[] request =
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    return new Exchange(request, 200, "live");
  }

  /** The usual limits, but for how many refusals one caller may collect. */
  private static Limits patient() {
    Limits usual = Limits.usual();
    return usual.withBudgets(
        new Limits.Rate(1_000_000, 1_000_000), usual.misses(), usual.strangers());
  }

  private static void collects(House house, People people, Caller caller) throws SQLException {
    Collects collects = new Collects(house, people, caller);
    collects.makePlainTable();
    Load plain = new Load(COLLECTED);
    Load governed = new Load(COLLECTED);
    Map<String, Sample> medians =
        new Arms()
            .add("plain", () -> plain.run(COLLECTORS, PLATFORM, EACH, collects::plain))
            .add("governed", () -> governed.run(COLLECTORS, PLATFORM, EACH, collects::governed))
            .measure(ROUNDS);
    row("collect 10 fields, 16 threads", "JDBC insert of one row", medians, "plain", "governed");
  }

  private static void space(Path directory) throws IOException, SQLException {
    progress("measuring space");
    Space.Factor factor = Space.measure(directory);
    print(
        String.format(
            Locale.ROOT,
            "| bytes on disk for each byte of 10 × 100 B | plain table | %.2f | %.2f | %.2f | | |"
                + " |",
            factor.plain(),
            factor.governed(),
            factor.governed() / factor.plain()));
    print("");
    print("| for each person, of 1,000 bytes of values | bytes on disk |");
    print("|---|---|");
    factor.bytesPerPerson().forEach((what, bytes) -> print("| " + what + " | " + bytes + " |"));
  }

  // ------------------------------------------------------------------------------------- the table

  private static void heading() {
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
    print(
        today
            + ", %s cores, JDK %s, PostgreSQL embedded, fsync on; medians of %s × %s s."
                .formatted(
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version(),
                    2 * ROUNDS,
                    EACH.toSeconds()));
    print("");
    print(
        "| | beside | plain | Pledge | Pledge ÷ plain | plain p50 / p99 | Pledge p50 / p99 |"
            + " processor plain, Pledge |");
    print("|---|---|---|---|---|---|---|---|");
  }

  private static void row(
      String what, String beside, Map<String, Sample> medians, String plain, String governed) {
    Sample one = medians.getOrDefault(plain, new Sample(0, 0, 0, 0));
    Sample other = medians.getOrDefault(governed, new Sample(0, 0, 0, 0));
    print(
        String.format(
            Locale.ROOT,
            "| %s | %s | %,.0f/s | %,.0f/s | %.2f | %s | %s | %.0f, %.0f µs |",
            what,
            beside,
            one.perSecond(),
            other.perSecond(),
            other.perSecond() / one.perSecond(),
            times(one),
            times(other),
            one.busy(),
            other.busy()));
  }

  private static String times(Sample sample) {
    return String.format(Locale.ROOT, "%.2f / %.2f ms", sample.p50() / 1e3, sample.p99() / 1e3);
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static void progress(String what) {
    System.err.println(what + " …");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(MainJob::deleteOne);
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete what was measured", e);
    }
  }
}
