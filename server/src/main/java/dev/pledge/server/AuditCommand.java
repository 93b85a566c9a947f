package dev.pledge.server;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.LogDesk;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Quorum;
import dev.pledge.log.Verifier;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Outcome;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.console.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge audit …}: the log, copied and verified. */
@Command(
    name = "audit",
    description = "Copy the log, and verify a copy without trusting whoever made it.",
    subcommands = {
      AuditCommand.Export.class,
      AuditCommand.Verify.class,
      AuditCommand.Key.class,
      AuditCommand.RotateKey.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: export, verify, key or rotate-key");
  }

  private static <T> T at(Places places, AnchorSettings anchors, Function<LogDesk, T> work) {
    if (!EmbeddedPostgres.existsIn(places.data())) {
      throw new CommandRefused(
          "`"
              + Places.shown(places.data())
              + "` holds no database; name the data directory with --data");
    }
    try (LogDesk desk =
        LogDesk.open(
            Configuration.embedded(places.policy(), places.data(), places.keys())
                .anchoredBy(anchors))) {
      return work.apply(desk);
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  /** {@code pledge audit key}. */
  @Command(
      name = "key",
      description = {
        "Print the log's verifier key, to be given to whoever is to verify the log: two while it"
            + " changes, the newest first. Of several logs, those of each.",
        "They have to get it from somebody they trust, not with a copy of the log."
      },
      mixinStandardHelpOptions = true)
  static final class Key implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Places places = new Places();

    @Override
    public Integer call() {
      List<VerifierKey> keys = at(places, AnchorSettings.NONE, LogDesk::verifierKeys);
      PrintWriter out = spec.commandLine().getOut();
      keys.forEach(out::println);
      out.flush();
      return Main.DONE;
    }
  }

  /** {@code pledge audit rotate-key}. */
  @Command(
      name = "rotate-key",
      description = {
        "Change the key that signs the log, or all of several, while no server runs on it.",
        "From the next start on the new key and the old one both sign; once people have learned of"
            + " the new one, --finish ends the change, and the old key is deleted.",
        "Both are entered in the log."
      },
      mixinStandardHelpOptions = true)
  static final class RotateKey implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Places places = new Places();

    @Option(names = "--finish", description = "End the change that has begun.")
    private boolean finish;

    @Override
    public Integer call() {
      List<VerifierKey> keys =
          at(
              places,
              AnchorSettings.NONE,
              desk -> {
                try {
                  if (finish) {
                    desk.endKeyChange();
                  } else {
                    desk.beginKeyChange();
                  }
                } catch (LogDesk.KeyChangeRefused e) {
                  throw new CommandRefused(String.valueOf(e.getMessage()));
                }
                return desk.verifierKeys();
              });
      PrintWriter out = spec.commandLine().getOut();
      keys.forEach(out::println);
      out.flush();
      return Main.DONE;
    }
  }

  /** {@code pledge audit export DIR}. */
  @Command(
      name = "export",
      description = {
        "Copy the log into a new directory, as far as it is signed, laid out as C2SP tlog-tiles.",
        "Of several logs each is copied into a directory of its name below that.",
        "Entries hold no personal value. That the log was copied is on the log.",
        "Works while the server runs and while it does not."
      },
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Places places = new Places();

    @Parameters(paramLabel = "DIR", description = "The directory to make.")
    private Path directory = Path.of("");

    @Option(
        names = "--log",
        paramLabel = "NAME",
        description = "The log to copy, alone and into DIR itself. Usually all that there are.")
    private @Nullable String log;

    @Option(
        names = "--anchors",
        paramLabel = "FILE",
        description = {
          "The anchors that the server runs with, or set PLEDGE_ANCHORS: the copy ends at what",
          "enough witnesses cosigned, and has their cosignatures."
        })
    private @Nullable Path anchors;

    @Override
    public Integer call() {
      long entries = at(places, AnchorsFile.read(spec, anchors), this::export);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "copied %,d entries to %s; verify them with `pledge audit verify`%n",
          entries,
          Places.shown(directory.toAbsolutePath()));
      out.flush();
      return Main.DONE;
    }

    private long export(LogDesk desk) {
      Map<String, LogExport.Extent> extents = new LinkedHashMap<>();
      for (String name : names(desk)) {
        extents.put(
            name,
            desk.extent(name)
                .orElseThrow(
                    () ->
                        new CommandRefused(
                            "log `"
                                + name
                                + "` was never signed, or too few witnesses cosigned it; start"
                                + " Pledge with `up`")));
      }
      try {
        Files.createDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        throw new CommandRefused("`" + directory + "` is there already; name a new directory");
      } catch (IOException e) {
        throw new CommandRefused("cannot make `" + directory + "`; see to its parent directory");
      }
      long entries = extents.values().stream().mapToLong(LogExport.Extent::entries).sum();
      Progress progress = new Progress(spec.commandLine().getErr(), "copied", Math.max(1, entries));
      long before = 0;
      for (Map.Entry<String, LogExport.Extent> each : extents.entrySet()) {
        Path to = extents.size() == 1 ? directory : directory.resolve(each.getKey());
        long done = before;
        try {
          desk.write(
              each.getKey(),
              each.getValue(),
              (path, content) -> write(to.resolve(path), content),
              copied -> progress.at(done + copied));
        } catch (IllegalStateException e) {
          throw new CommandRefused(String.valueOf(e.getMessage()));
        }
        before += each.getValue().entries();
      }
      return entries;
    }

    private List<String> names(LogDesk desk) {
      List<String> all = desk.logs();
      if (log == null) {
        return all;
      }
      if (!all.contains(log)) {
        throw new CommandRefused(
            "there is no log `" + log + "`; name one of " + String.join(", ", all));
      }
      return List.of(log);
    }

    private static void write(Path file, byte[] content) {
      try {
        Path parent = file.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.write(file, content);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot write `" + file + "`; the copy has no checkpoint and counts for nothing", e);
      }
    }
  }

  /** {@code pledge audit verify DIR}. */
  @Command(
      name = "verify",
      description = {
        "Verify a copy of the log, with nothing else at hand: every entry is read and hashed, the"
            + " whole tree is built anew, and every tile and the signed checkpoint has to be what"
            + " comes of it.",
        "Copies of several logs, each in a directory of its name, are verified one after the other.",
        "Exit code 0 if everything is as it must be, 1 if not."
      },
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    private static final String CHECKPOINT = "checkpoint";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The copy.")
    private Path directory = Path.of("");

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = {
          "The log's verifier key, from somebody you trust; repeat it while the log changes it.",
          "Without it the key in the copy is taken, which shows only that the copy fits together."
        })
    private List<String> keys = List.of();

    @Option(
        names = "--checkpoint",
        paramLabel = "FILE",
        description =
            "A checkpoint that was got earlier or elsewhere: the copy must go on from it. Repeat"
                + " it.")
    private List<Path> checkpoints = List.of();

    @Option(
        names = "--receipt",
        paramLabel = "FILE",
        description =
            "An answer of Pledge, or the receipt in it: its promise must have been kept. Repeat"
                + " it.")
    private List<Path> receipts = List.of();

    @Option(
        names = "--witness",
        paramLabel = "KEY",
        description = "The verifier key of a witness who cosigns checkpoints; repeat it.")
    private List<String> witnesses = List.of();

    @Option(
        names = "--witnesses",
        paramLabel = "N",
        description = "How many of them must have cosigned; usually all.")
    private @Nullable Integer threshold;

    @Override
    public Integer call() {
      if (!Files.isDirectory(directory)) {
        throw new CommandRefused("`" + directory + "` is no directory; name a copy of the log");
      }
      List<Path> copies = copies();
      return copies.isEmpty() ? verify(directory, checkpoints, receipts) : verifyEach(copies);
    }

    /** The copies of several logs in a directory that holds none itself. */
    private List<Path> copies() {
      if (read(directory, CHECKPOINT).isPresent()) {
        return List.of();
      }
      try (Stream<Path> below = Files.list(directory)) {
        List<Path> all = below.filter(Files::isDirectory).sorted().toList();
        return all.stream().anyMatch(copy -> read(copy, CHECKPOINT).isPresent()) ? all : List.of();
      } catch (IOException e) {
        throw new CommandRefused("cannot read `" + directory + "`");
      }
    }

    /**
     * Each has to be of the log it is named after, and what is held against them of one of them.
     */
    private int verifyEach(List<Path> copies) {
      PrintWriter out = spec.commandLine().getOut();
      Map<String, Path> origins = new LinkedHashMap<>();
      List<String> wrong = new ArrayList<>();
      for (Path copy : copies) {
        Optional<String> origin = read(copy, CHECKPOINT).map(Verify::origin);
        if (origin.isEmpty()) {
          wrong.add(copy + ": has no checkpoint; the copy was cut off");
        } else if (!origin.get().startsWith(copy.getFileName() + "/")) {
          wrong.add(copy + ": is of another log, `" + origin.get() + "`");
        } else if (origins.putIfAbsent(origin.get(), copy) != null) {
          wrong.add(copy + ": is of a log that another copy is of");
        }
      }
      keys.stream()
          .map(key -> key("--key", key).name())
          .distinct()
          .filter(name -> !origins.containsKey(name))
          .forEach(name -> wrong.add(directory + ": has no copy of log `" + name + "`"));
      Map<String, List<Path>> promised = byOrigin(receipts, ReceiptFile::origin, origins, wrong);
      Map<String, List<Path>> known =
          byOrigin(checkpoints, (file, note) -> origin(note), origins, wrong);
      int worst = wrong.isEmpty() ? Main.DONE : Main.WRONG;
      for (Map.Entry<String, Path> each : origins.entrySet()) {
        String origin = each.getKey();
        int found =
            verify(
                each.getValue(),
                known.getOrDefault(origin, List.of()),
                promised.getOrDefault(origin, List.of()));
        worst = Math.max(worst, found);
        out.println();
      }
      wrong.forEach(what -> out.println("WRONG       " + what));
      out.println(worst == Main.DONE ? "all logs are sound" : "not all logs are sound");
      out.flush();
      return worst;
    }

    private Map<String, List<Path>> byOrigin(
        List<Path> files,
        BiFunction<Path, byte[], String> reader,
        Map<String, Path> origins,
        List<String> wrong) {
      Map<String, List<Path>> sorted = new HashMap<>();
      for (Path file : files) {
        String origin = reader.apply(file, given(file));
        if (origins.containsKey(origin)) {
          sorted.computeIfAbsent(origin, _ -> new ArrayList<>()).add(file);
        } else {
          wrong.add(file + ": is of none of these logs");
        }
      }
      return sorted;
    }

    /** The log's name to the world, as the first line of a note says. */
    private static String origin(byte[] note) {
      return new String(note, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }

    private int verify(Path copy, List<Path> earlier, List<Path> answers) {
      List<VerifierKey> known = keys(copy);
      Verifier verifier = new Verifier(path -> read(copy, path), known, quorum());
      for (Path file : earlier) {
        verifier.expecting(file.toString(), given(file));
      }
      List<ReceiptFile> promised = new ArrayList<>();
      for (Path file : answers) {
        promised.add(ReceiptFile.read(file, given(file), known));
      }
      promised.forEach(receipt -> receipt.wanted().ifPresent(verifier::expecting));
      PrintWriter err = spec.commandLine().getErr();
      Shown shown = new Shown(err);
      return print(verifier.verify(shown::at), promised);
    }

    /** A bar whose length is known with the checkpoint. */
    private static final class Shown {
      private final PrintWriter err;
      private @Nullable Progress progress;

      Shown(PrintWriter err) {
        this.err = err;
      }

      void at(long entries, long all) {
        Progress bar = progress;
        if (bar == null) {
          bar = new Progress(err, "verified", all);
          progress = bar;
        }
        bar.at(entries);
      }
    }

    private static Optional<byte[]> read(Path copy, String path) {
      Path file = copy.resolve(path);
      try {
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
      } catch (IOException e) {
        throw new CommandRefused("cannot read `" + file + "`");
      }
    }

    private byte[] given(Path file) {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new CommandRefused("cannot read `" + file + "`");
      }
    }

    private List<VerifierKey> keys(Path copy) {
      if (!keys.isEmpty()) {
        return keys.stream().map(key -> key("--key", key)).toList();
      }
      byte[] own =
          read(copy, "key")
              .orElseThrow(
                  () -> new CommandRefused("the copy has no key; give the log's with --key"));
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "pledge: no --key given, so the copy's own is taken: it shows that the copy fits together,"
              + " not whose log it is");
      err.flush();
      return new String(own, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .map(line -> key("`" + copy.resolve("key") + "`", line))
          .toList();
    }

    private Quorum quorum() {
      Set<VerifierKey> all =
          Set.copyOf(witnesses.stream().map(key -> key("--witness", key)).toList());
      int names = (int) all.stream().map(VerifierKey::name).distinct().count();
      try {
        return new Quorum(threshold == null ? names : threshold, all);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }

    private VerifierKey key(String where, String text) {
      try {
        return VerifierKey.parse(text.strip());
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), where + ": " + e.getMessage());
      }
    }

    private int print(Outcome outcome, List<ReceiptFile> promised) {
      PrintWriter out = spec.commandLine().getOut();
      outcome.checkpoint().ifPresent(checkpoint -> print(out, checkpoint));
      if (!outcome.witnesses().isEmpty()) {
        out.println("witnesses   " + String.join(", ", outcome.witnesses()));
      }
      List<Finding> findings = new ArrayList<>();
      for (ReceiptFile receipt : promised) {
        receipt.finding().ifPresent(findings::add);
        receipt
            .wanted()
            .filter(outcome.positions()::containsKey)
            .ifPresent(
                wanted ->
                    out.printf(
                        Locale.ROOT,
                        "receipt     %s: kept, entry %,d%n",
                        wanted.where(),
                        outcome.positions().get(wanted)));
      }
      findings.addAll(outcome.findings());
      for (Finding finding : findings) {
        out.println("WRONG       " + finding.where() + ": " + finding.what());
      }
      if (outcome.more() > 0) {
        out.printf(Locale.ROOT, "            and %,d findings more%n", outcome.more());
      }
      out.println(
          findings.isEmpty()
              ? "sound: every entry, every tile and the checkpoint are as they must be"
              : "not sound");
      out.flush();
      return findings.isEmpty() ? Main.DONE : Main.WRONG;
    }

    private static void print(PrintWriter out, Checkpoint checkpoint) {
      out.println("log         " + checkpoint.origin());
      out.printf(Locale.ROOT, "entries     %,d%n", checkpoint.size());
      out.println("root        " + checkpoint.root());
    }
  }
}
