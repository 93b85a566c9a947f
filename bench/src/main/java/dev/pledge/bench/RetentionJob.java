package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Collection;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How fast what is no longer kept is deleted, and what reads lose meanwhile, as a Markdown table on
 * standard output: {@code RetentionJob [DIRECTORY]}, run in the project's directory. The directory
 * must be on a disk whose fsync is real; what is made in it is deleted again.
 */
public final class RetentionJob {
  private static final int PEOPLE = 20_000;
  private static final int LINES = 25;
  private static final int COLLECTORS = 16;
  private static final int SWEEPERS = 2;

  private RetentionJob() {}

  /** Measures and prints; takes about five minutes. */
  public static void main(String[] args)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Path parent = Path.of(args.length == 0 ? "bench/target" : args[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory(Files.createDirectories(parent), "retention-job-");
    try (House house = House.build(directory, Path.of("policies/emeet").toAbsolutePath())) {
      measure(house);
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void measure(House house)
      throws SQLException, InterruptedException, ExecutionException {
    Caller caller =
        house.caller(house.token("bench", "meeting", Set.of(new RoleId("product-backend"))));
    People people =
        People.register(
            house,
            caller,
            PolicyVersion.of("emeet@2020-04-23"),
            "meeting",
            0,
            PEOPLE,
            person ->
                Map.of(
                    "identity.name", People.name(person),
                    "contact.email", People.email(person),
                    "contact.phone", People.phone(person)));
    Reads reads = new Reads(house, people, caller);
    say("| | values a second | people a second | reads a second |");
    say("|---|---|---|---|");
    collect(house, caller, people);
    age(house);
    Swept alone = sweep(house);
    line("sweep alone", alone.values / alone.seconds, PEOPLE / alone.seconds, 0);
    collect(house, caller, people);
    age(house);
    Swept[] beside = new Swept[1];
    double before = Readers.alone(reads, people);
    double busy = Readers.beside(reads, people, () -> beside[0] = sweep(house));
    line(
        "sweep beside reads",
        beside[0].values / beside[0].seconds,
        PEOPLE / beside[0].seconds,
        busy);
    double quiet = (before + Readers.alone(reads, people)) / 2;
    line("reads alone, before and after", 0, 0, quiet);
    Swept nothing = sweep(house);
    line("a round with nothing due", 0, PEOPLE / nothing.seconds, 0);
    say("");
    say(String.format(Locale.ROOT, "Reads lose %.1f %%.", 100 * (1 - busy / quiet)));
  }

  /** Log lines of everybody, in one change each. */
  private static void collect(House house, Caller caller, People people)
      throws InterruptedException, ExecutionException {
    List<Map<String, Object>> lines =
        IntStream.range(0, LINES)
            .mapToObj(
                n ->
                    Map.<String, Object>of(
                        "observedAt",
                        String.format(Locale.ROOT, "2026-01-01T00:00:%02dZ", n),
                        "value",
                        Map.of("event", "open", "attributes", Map.of())))
            .toList();
    try (ExecutorService workers = Executors.newFixedThreadPool(COLLECTORS)) {
      List<Future<?>> collecting =
          IntStream.range(0, people.count())
              .<Future<?>>mapToObj(
                  i -> workers.submit(() -> collect(house, caller, people.id(i), lines)))
              .toList();
      for (Future<?> one : collecting) {
        one.get();
      }
    }
  }

  private static void collect(
      House house, Caller caller, SubjectId person, List<Map<String, Object>> lines) {
    house.change(
        caller,
        changes ->
            People.requireStored(
                changes.collect(
                    person,
                    new Collection(
                        "meeting", "product-use", Set.of(), Map.of("log.access", lines))),
                1));
  }

  /** As if each line had come on a day of its own, a year ago and before. */
  private static void age(House house) throws SQLException {
    house.asOwner(
        """
        update observation
        set collected_at = collected_at - interval '1 year' - random() * interval '100 days'
        """);
    house.asOwner("vacuum analyze observation");
  }

  private record Swept(long values, double seconds) {}

  /** By as many as a server has at work. */
  private static Swept sweep(House house) {
    long start = System.nanoTime();
    LongAdder values = new LongAdder();
    try (ExecutorService sweepers = Executors.newFixedThreadPool(SWEEPERS)) {
      for (int i = 0; i < SWEEPERS; i++) {
        var _ = sweepers.submit(() -> values.add(house.pledge().sweep()));
      }
    }
    return new Swept(values.sum(), (System.nanoTime() - start) / 1e9);
  }

  private static void line(String what, double values, double people, double reads) {
    say(String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %,.0f |", what, values, people, reads));
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
