package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.engine.gate.InventoryRequest;
import dev.pledge.engine.gate.InventoryRequest.Aim;
import dev.pledge.engine.rights.ExportFile;
import dev.pledge.engine.rights.HoldingWords;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a person waits for everything held of them, of ten thousand values, and for a look at
 * it, as a Markdown table on standard output: {@code ExportJob [DIRECTORY]}, run in the project's
 * directory. What is made in the directory is deleted again.
 */
public final class ExportJob {
  private static final int VALUES = 10_000;
  private static final int TOGETHER = 100;
  private static final int TIMES = 21;

  private ExportJob() {}

  /** Measures and prints; takes about a minute. */
  public static void main(String[] args) throws IOException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Path parent = Path.of(args.length == 0 ? "bench/target" : args[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory(Files.createDirectories(parent), "export-job-");
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

  private static void measure(House house) {
    Caller caller =
        house.caller(house.token("bench", "meeting", Set.of(new RoleId("product-backend"))));
    SubjectId person =
        People.register(
                house,
                caller,
                PolicyVersion.of("emeet@2020-04-23"),
                "meeting",
                0,
                1,
                each -> Map.of("identity.name", People.name(each)))
            .id(0);
    for (int from = 0; from < VALUES; from += TOGETHER) {
      collect(house, caller, person, from);
    }
    long[] size = new long[1];
    double[] export = new double[TIMES];
    double[] look = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      export[i] = seconds(() -> size[0] = export(house, caller, person));
      look[i] = seconds(() -> look(house, caller, person));
    }
    System.out.println("| | first, ms | median, ms | slowest after, ms | KiB |");
    System.out.println("|---|---|---|---|---|");
    line("export of " + VALUES + " values", export, size[0] / 1024);
    line("a look at what is held", look, 0);
  }

  private static void collect(House house, Caller caller, SubjectId person, int from) {
    List<Map<String, Object>> lines =
        IntStream.range(from, from + TOGETHER)
            .mapToObj(
                n ->
                    Map.<String, Object>of(
                        "observedAt",
                        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(600L * n).toString(),
                        "value",
                        Map.of("event", "open", "attributes", Map.of())))
            .toList();
    house.change(
        caller,
        changes ->
            People.requireStored(
                changes.collect(
                    person,
                    new Collection("meeting", "product-use", Set.of(), Map.of("log.fault", lines))),
                1));
  }

  private static InventoryRequest request(Caller caller, Aim aim) {
    return new InventoryRequest(caller, Asker.Capacity.SUBJECT, Asker.Assurance.STEPPED_UP, aim);
  }

  private static long export(House house, Caller caller, SubjectId person) {
    Counted out = new Counted();
    Inventory found =
        house
            .pledge()
            .inventory(
                request(caller, new Aim.Export()),
                person,
                inventory -> {
                  if (inventory instanceof Inventory.Open open) {
                    HoldingWords words =
                        HoldingWords.of(
                            house.pledge().policyFiles().version(open.policy().version()),
                            Locale.ENGLISH);
                    new ExportFile(open, words, house.pledge()::origin).write(out);
                  }
                  return inventory;
                });
    if (!(found instanceof Inventory.Open)) {
      throw new IllegalStateException("nothing was exported");
    }
    return out.count;
  }

  private static void look(House house, Caller caller, SubjectId person) {
    long[] seen = new long[1];
    house
        .pledge()
        .inventory(
            request(caller, new Aim.Overview()),
            person,
            inventory -> {
              if (inventory instanceof Inventory.Open open) {
                open.values(item -> seen[0]++);
              }
              return inventory;
            });
    if (seen[0] == 0) {
      throw new IllegalStateException("nothing was seen");
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void line(String what, double[] seconds, long size) {
    double[] later = Arrays.copyOfRange(seconds, 1, seconds.length);
    Arrays.sort(later);
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f | %,.0f | %,.0f | %,d |",
            what,
            1e3 * seconds[0],
            1e3 * later[later.length / 2],
            1e3 * later[later.length - 1],
            size));
  }

  /** Counts what it is given and keeps nothing. */
  private static final class Counted extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
    }
  }
}
