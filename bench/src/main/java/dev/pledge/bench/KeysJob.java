package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a person of 200 values takes to be erased, and how fast an epoch of keys is changed, as
 * a Markdown table on standard output: {@code KeysJob [DIRECTORY]}, run in the project's directory.
 * The directory must be on a disk whose fsync is real; what is made in it is deleted again.
 */
public final class KeysJob {
  private static final int PEOPLE = 20_000;
  private static final int ERASED = 200;
  private static final int LINES = 197;
  private static final Duration TENTH = Duration.ofMillis(100);
  private static final int RATE = 1_000_000_000;

  private KeysJob() {}

  /** Measures and prints; takes about three minutes. */
  public static void main(String[] args) throws IOException, SQLException, InterruptedException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Path parent = Path.of(args.length == 0 ? "bench/target" : args[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory(Files.createDirectories(parent), "keys-job-");
    try (House house = House.build(directory, Path.of("policies/emeet").toAbsolutePath())) {
      measure(house);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void measure(House house) throws SQLException, InterruptedException {
    Caller caller =
        house.caller(house.token("bench", "meeting", Set.of(new RoleId("product-backend"))));
    People people = register(house, caller, 0, PEOPLE, 1);
    People alone = register(house, caller, PEOPLE, ERASED, LINES);
    People paced = register(house, caller, PEOPLE + ERASED, ERASED, LINES);
    People fast = register(house, caller, PEOPLE + 2 * ERASED, ERASED, LINES);
    Reads reads = new Reads(house, people, caller);
    var _ = Readers.alone(reads, people);
    say(
        "| erase a person of 200 values | median | p99 | reads a second | without erasures | reads lose |");
    say("|---|---|---|---|---|---|");
    line("alone", erase(house, alone, caller, Duration.ZERO), "| |");
    beside(reads, people, "beside reads, ten a second", () -> erase(house, paced, caller, TENTH));
    beside(
        reads,
        people,
        "beside reads, one after the other",
        () -> erase(house, fast, caller, Duration.ZERO));
    say("");
    say("| | |");
    say("|---|---|");
    rotate(house);
  }

  /** What reads lose is against their mean before and after. */
  private static void beside(Reads reads, People people, String what, Supplier<long[]> erasing) {
    AtomicReference<long[]> nanos = new AtomicReference<>(new long[0]);
    double before = Readers.alone(reads, people);
    double busy = Readers.beside(reads, people, () -> nanos.set(erasing.get()));
    double quiet = (before + Readers.alone(reads, people)) / 2;
    line(
        what,
        nanos.get(),
        String.format(
            Locale.ROOT, "%,.0f | %,.0f | %.1f %%", busy, quiet, 100 * (1 - busy / quiet)));
  }

  private static void line(String what, long[] sorted, String reads) {
    say(
        String.format(
            Locale.ROOT,
            "| %s | %.2f ms | %.2f ms | %s |",
            what,
            sorted[sorted.length / 2] / 1e6,
            sorted[sorted.length * 99 / 100] / 1e6,
            reads));
  }

  /** People of three fields and so many lines of a series each. */
  private static People register(House house, Caller caller, int from, int count, int lines) {
    List<Map<String, Object>> series =
        IntStream.range(0, lines)
            .mapToObj(
                n ->
                    Map.<String, Object>of(
                        "observedAt",
                        String.format(Locale.ROOT, "2026-01-01T00:%02d:%02dZ", n / 60, n % 60),
                        "value",
                        Map.of("event", "open", "attributes", Map.of())))
            .toList();
    return People.register(
        house,
        caller,
        PolicyVersion.of("emeet@2020-04-23"),
        "meeting",
        from,
        count,
        person ->
            Map.of(
                "identity.name", People.name(person),
                "contact.email", People.email(person),
                "contact.phone", People.phone(person),
                "log.access", series));
  }

  /** How long each took, sorted; one begins a {@code pause} after the one before, or later. */
  private static long[] erase(House house, People people, Caller caller, Duration pause) {
    long[] nanos = new long[people.count()];
    long next = System.nanoTime();
    for (int i = 0; i < nanos.length; i++) {
      var person = people.id(i);
      LockSupport.parkNanos(next - System.nanoTime());
      long start = System.nanoTime();
      house.change(caller, changes -> changes.erase(person));
      nanos[i] = System.nanoTime() - start;
      next += pause.toNanos();
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static void rotate(House house) throws SQLException, InterruptedException {
    long entries = house.number("select count(*) from intake");
    house.pledge().rotateKeys(RATE, Duration.ofDays(30));
    while (house.pledge().livingEpochs().size() == 1) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    long start = System.nanoTime();
    double keys =
        secondsUntil(house, start, "not exists (select from subject_key where epoch = 1)");
    double all =
        secondsUntil(house, start, "exists (select from rotation where ready_at is not null)");
    say(
        String.format(
            Locale.ROOT,
            "| wrap %,d keys anew | %.2f s, %,.0f a second |",
            PEOPLE,
            keys,
            PEOPLE / keys));
    say(
        String.format(
            Locale.ROOT,
            "| the whole change: keys, %,d indexes, %,d entries, the trial | %.1f s |",
            2 * PEOPLE,
            entries,
            all));
  }

  private static double secondsUntil(House house, long start, String holds)
      throws SQLException, InterruptedException {
    while (house.number("select case when " + holds + " then 1 else 0 end") == 0) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
