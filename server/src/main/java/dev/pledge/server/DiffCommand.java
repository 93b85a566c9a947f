package dev.pledge.server;

import dev.pledge.engine.CensusDesk;
import dev.pledge.engine.gate.Census.Counted;
import dev.pledge.policy.decision.Lapse;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;
import dev.pledge.policy.revision.Weight;
import dev.pledge.server.http.ComparisonJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy diff OLD NEW}. */
@Command(
    name = "diff",
    description = {
      "Tell what a version of a policy changes of an earlier one: what is material, what only"
          + " narrows, what is a matter of words, and which consents end with it.",
      "Exit code 0 whatever it finds, 1 where one of the two is not sound."
    },
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "The directory of the earlier version.")
  private Path earlier = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "The directory of the later version.")
  private Path later = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A data directory on which to count how many people it touches; a server may be running.")
  private @Nullable Path data;

  @Override
  public Integer call() {
    Sound then = SoundPolicy.read(spec, earlier);
    Sound now = SoundPolicy.read(spec, later);
    requireOrder(then.policy(), now.policy());
    Comparison comparison = Comparison.of(then, now);
    PrintWriter out = spec.commandLine().getOut();
    Counted counted = data == null ? null : count(comparison, data);
    if (json) {
      out.println(ComparisonJson.text(comparison, counted));
    } else {
      print(out, comparison);
      if (counted != null) {
        print(out, comparison, counted);
      }
    }
    out.flush();
    return Main.DONE;
  }

  private void requireOrder(Policy then, Policy now) {
    if (!then.version().policy().equals(now.version().policy())) {
      throw new CommandRefused(
          "`"
              + then.version()
              + "` and `"
              + now.version()
              + "` are versions of different policies; give both the same `id`");
    }
    if (now.effective().isBefore(then.effective())) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          Locale.ROOT,
          "pledge: %s takes effect before %s; name the earlier version first%n",
          now.version(),
          then.version());
      err.flush();
    }
  }

  private Counted count(Comparison comparison, Path directory) {
    Places.requireDatabase(directory);
    Set<String> purposes = new TreeSet<>(comparison.lapse().ofAnybody());
    purposes.addAll(comparison.lapse().ofGuardians());
    PrintWriter err = spec.commandLine().getErr();
    try (CensusDesk desk = CensusDesk.open(directory)) {
      return desk.census()
          .count(
              comparison.from(),
              purposes,
              comparison.fields(),
              people -> {
                err.printf(Locale.ROOT, "looked at %,d people%n", people);
                err.flush();
              });
    }
  }

  private static void print(PrintWriter out, Comparison comparison, Counted counted) {
    out.printf(
        Locale.ROOT,
        "%npeople%n  %,d of %,d accepted %s last%n",
        counted.accepted(),
        counted.people(),
        comparison.from());
    new TreeMap<>(counted.granting())
        .forEach(
            (purpose, people) ->
                out.printf(
                    Locale.ROOT, "  at most %,d whose consent to %s ends%n", people, purpose));
    new TreeMap<>(counted.holding())
        .forEach(
            (field, people) ->
                out.printf(
                    Locale.ROOT,
                    "  %,d of whom %s is stored, whose rules change%n",
                    people,
                    field));
  }

  private static void print(PrintWriter out, Comparison comparison) {
    out.printf(Locale.ROOT, "%s -> %s%n", comparison.from(), comparison.to());
    for (Weight weight : Weight.values()) {
      List<Change> changes =
          comparison.changes().stream().filter(change -> change.weight() == weight).toList();
      if (!changes.isEmpty()) {
        out.printf(Locale.ROOT, "%n%s%n", weight.name().toLowerCase(Locale.ROOT));
        changes.forEach(change -> out.println("  " + change));
      }
    }
    list(out, "consents that end", comparison.lapse().ofAnybody(), comparison.lapse());
    list(
        out,
        "consents of guardians that end",
        comparison.lapse().ofGuardians(),
        comparison.lapse());
    out.println();
    out.println(
        comparison.changes().isEmpty()
            ? "nothing changes"
            : "all together: " + comparison.weight().name().toLowerCase(Locale.ROOT));
  }

  private static void list(PrintWriter out, String what, Set<String> names, Lapse lapse) {
    if (!names.isEmpty()) {
      out.printf(Locale.ROOT, "%n%s%n", what);
      for (String name : names) {
        String products =
            lapse.onlyIn().getOrDefault(name, Set.of()).stream()
                .sorted()
                .map(product -> "`" + product + "`")
                .collect(Collectors.joining(", "));
        out.println("  " + name + (products.isEmpty() ? "" : ", only in " + products));
      }
    }
  }
}
