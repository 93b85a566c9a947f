package dev.pledge.server;

import dev.pledge.engine.ReplayDesk;
import dev.pledge.engine.audit.Place;
import dev.pledge.engine.gate.Obstacle;
import dev.pledge.engine.gate.Replay;
import dev.pledge.engine.gate.Replay.Part;
import dev.pledge.engine.gate.Replayed;
import dev.pledge.policy.decision.Policy;
import dev.pledge.server.console.Progress;
import dev.pledge.server.http.ReplayJson;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge policy replay --from T --to T --under DIR}. */
@Command(
    name = "replay",
    description = {
      "Decide what the log holds of a period again under another version of the policy, put in the"
          + " place of the one that decided, and tell what would have come out otherwise.",
      "What an entry does not say in the open, such as a person's choices, is taken as far as the"
          + " entry proves it; what depends on more is told apart. A server may be running.",
      "Exit code 0 whatever it finds, 1 where it cannot be done."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--under",
      required = true,
      paramLabel = "DIR",
      description = "The directory of the version to decide under.")
  private Path under = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "The first moment, such as 2026-01-31 or 2026-01-31T12:00:00Z; UTC.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "The first moment after the period.")
  private @Nullable String to;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Optional<Instant> start = time("--from", from);
    Optional<Instant> end = time("--to", to);
    if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
      throw new ParameterException(spec.commandLine(), "--to has to be later than --from");
    }
    Policy other = SoundPolicy.read(spec, under).policy();
    Replayed replayed = replay(other, start, end);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ReplayJson.text(other.version(), replayed));
    } else {
      print(out, other, replayed);
    }
    out.flush();
    return Main.DONE;
  }

  private Replayed replay(Policy other, Optional<Instant> start, Optional<Instant> end) {
    try (ReplayDesk desk = open(other)) {
      Replay replay = desk.replay();
      List<Part> parts = replay.parts(start, end);
      long size = parts.stream().mapToLong(part -> part.range().size()).sum();
      Progress progress = new Progress(spec.commandLine().getErr(), "entries looked at", size);
      return replay.run(parts, start, end, progress::at);
    } catch (IllegalStateException damaged) {
      // the log, which says at which position
      throw new CommandRefused(String.valueOf(damaged.getMessage()));
    }
  }

  private ReplayDesk open(Policy other) {
    try {
      return ReplayDesk.open(places.existing(), other);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Instant> time(String option, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(),
          option + " takes a day or a moment such as 2026-01-31 or 2026-01-31T12:00:00Z");
    }
  }

  // ------------------------------------------------------------------------------------- for
  // people

  private static void print(PrintWriter out, Policy other, Replayed replayed) {
    out.printf(
        Locale.ROOT,
        "%,d %s decided again under %s%n",
        replayed.decided(),
        replayed.decided() == 1 ? "entry" : "entries",
        other.version());
    if (replayed.inPart() > 0) {
      out.printf(
          Locale.ROOT,
          "  %,d of them without names that the policy did not know, which the log does not"
              + " repeat%n",
          replayed.inPart());
    }
    for (Replayed.Change change : replayed.changes()) {
      title(out, change.of(), change.entries());
      out.printf(Locale.ROOT, "    %s -> %s%n", change.of().before(), change.after());
      examples(out, change.entries());
    }
    if (!replayed.open().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "%ncannot be told from the log, since it depends on what is sealed or not kept there%n");
    }
    for (Replayed.Open open : replayed.open()) {
      title(out, open.of(), open.entries());
      out.printf(
          Locale.ROOT,
          "    %s -> %s%n",
          open.of().before(),
          open.either().stream().map(Replayed.Told::toString).collect(Collectors.joining(" or ")));
      examples(out, open.entries());
    }
    printUndecided(out, replayed);
    out.println();
    if (replayed.changes().isEmpty()) {
      out.println(
          replayed.open().isEmpty() ? "nothing changes" : "nothing that can be told changes");
    }
    out.println(
        "not decided again: whether single values were still kept or could cross products, since"
            + " the log does not say how old they were");
  }

  private static void title(PrintWriter out, Replayed.Of of, Replayed.Some some) {
    out.printf(
        Locale.ROOT,
        "%n  %,d x %s%s, %s%n",
        some.count(),
        of.purpose().map(purpose -> purpose + ": ").orElse(""),
        of.field(),
        of.who());
  }

  private static void examples(PrintWriter out, Replayed.Some some) {
    out.printf(Locale.ROOT, "    positions %s%n", positions(some));
  }

  private static String positions(Replayed.Some some) {
    String listed =
        some.places().stream()
            .collect(
                Collectors.groupingBy(
                    Place::log,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        place -> String.valueOf(place.position()), Collectors.joining(", "))))
            .entrySet()
            .stream()
            .map(each -> each.getValue() + " of " + each.getKey())
            .collect(Collectors.joining("; "));
    return some.count() > some.places().size() ? listed + ", ..." : listed;
  }

  private static void printUndecided(PrintWriter out, Replayed replayed) {
    if (replayed.undecided().isEmpty()) {
      return;
    }
    out.printf(Locale.ROOT, "%nnot decided again%n");
    for (Obstacle obstacle : Obstacle.values()) {
      Replayed.Some some = replayed.undecided().get(obstacle);
      if (some != null) {
        out.printf(
            Locale.ROOT,
            "  %,d %s (positions %s)%n",
            some.count(),
            obstacle.sentence(),
            positions(some));
      }
    }
  }
}
