package dev.pledge.server;

import static java.util.Objects.requireNonNull;

import dev.pledge.engine.LogDesk;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.Quorum;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.StatementVerifier;
import dev.pledge.log.Verifier;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Outcome;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.console.Printable;
import dev.pledge.server.console.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
    try (LogDesk desk = LogDesk.open(places.existing().anchoredBy(anchors))) {
      return work.apply(desk);
    } catch (UncheckedIOException | LogBroken e) {
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

    @Option(
        names = "--retired",
        description =
            "Print the keys it has signed with before instead, each with until when: receipts of"
                + " that time are verified with them.")
    private boolean retired;

    @Override
    public Integer call() {
      List<?> keys =
          at(places, AnchorSettings.NONE, retired ? LogDesk::retiredKeys : LogDesk::verifierKeys);
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
        "Entries hold no personal value, and are for auditors: the directory is yours alone.",
        "That the log was copied is on the log.",
        "Works while the server runs and while it does not."
      },
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    /** What its entries tell of actors and times is for auditors. */
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

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
        Files.createDirectory(directory, PRIVATE);
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
            + " comes of it, with no file more among the tiles.",
        "Copies of several logs, each in a directory of its name, are verified one after the other.",
        "With --mine, verify what `/history/proof` gave a person: that every entry in it is in the"
            + " log and about them, and that the log signed that these are all. In a copy, all"
            + " entries are looked through for others about them.",
        "Exit code 0 if everything is as it must be, 1 if not, and 3 if nothing is wrong and the"
            + " entry of a receipt may come after the end of the copy."
      },
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    private static final String CHECKPOINT = "checkpoint";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "DIR",
        arity = "0..1",
        description = "The copy; with --mine it can be left out.")
    private @Nullable Path directory;

    @Option(
        names = "--mine",
        paramLabel = "FILE",
        description = {
          "All entries about a person, as `/history/proof` gave them. Keep the file to yourself: with",
          "a copy of the log it tells which entries are about the person."
        })
    private @Nullable Path mine;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = {
          "The log's verifier key, from somebody you trust; repeat it while the log changes it, and"
              + " for receipts that an older one has signed.",
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
            "An answer of Pledge, or the receipt in it: its entry must be in the copy, unless all"
                + " of the copy is older than the time it was promised for. Repeat it.")
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
      requireUsable();
      if (directory == null) {
        return print(list(requireNonNull(mine), given(), quorum()));
      }
      List<Path> copies = copies(directory);
      return copies.isEmpty()
          ? verify(directory, checkpoints, receipts, Optional.ofNullable(mine))
          : verifyEach(directory, copies);
    }

    private void requireUsable() {
      if (directory != null && !Files.isDirectory(directory)) {
        throw new CommandRefused("`" + directory + "` is no directory; name a copy of the log");
      }
      if (directory == null && mine == null) {
        throw new ParameterException(
            spec.commandLine(), "name a copy of the log, or with --mine a list of entries");
      }
      if (directory == null && !(checkpoints.isEmpty() && receipts.isEmpty())) {
        throw new ParameterException(
            spec.commandLine(),
            "--checkpoint and --receipt are held against a copy of the log; name its directory");
      }
      if (directory == null && keys.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "give the log's verifier key with --key, from somebody you trust");
      }
    }

    /** The copies of several logs in a directory that holds none itself. */
    private static List<Path> copies(Path directory) {
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
    private int verifyEach(Path all, List<Path> copies) {
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
      given().stream()
          .map(VerifierKey::name)
          .distinct()
          .filter(name -> !origins.containsKey(name))
          .forEach(name -> wrong.add(all + ": has no copy of log `" + name + "`"));
      Map<String, List<Path>> promised =
          byOrigin(receipts, file -> ReceiptFile.origin(file, given(file)), origins, wrong);
      Map<String, List<Path>> known =
          byOrigin(checkpoints, file -> origin(given(file)), origins, wrong);
      Map<String, List<Path>> listed =
          byOrigin(
              mine == null ? List.of() : List.of(mine),
              file -> origin(MineFile.checkpoint(file)),
              origins,
              wrong);
      List<Integer> codes = new ArrayList<>(List.of(wrong.isEmpty() ? Main.DONE : Main.WRONG));
      for (Map.Entry<String, Path> each : origins.entrySet()) {
        String origin = each.getKey();
        codes.add(
            verify(
                each.getValue(),
                known.getOrDefault(origin, List.of()),
                promised.getOrDefault(origin, List.of()),
                listed.getOrDefault(origin, List.of()).stream().findFirst()));
        out.println();
      }
      wrong.forEach(what -> out.println("WRONG       " + Printable.of(what)));
      out.println(codes.contains(Main.WRONG) ? "not all logs are sound" : "all logs are sound");
      out.flush();
      return codes.contains(Main.WRONG)
          ? Main.WRONG
          : codes.contains(Main.OPEN) ? Main.OPEN : Main.DONE;
    }

    private static Map<String, List<Path>> byOrigin(
        List<Path> files,
        Function<Path, String> reader,
        Map<String, Path> origins,
        List<String> wrong) {
      Map<String, List<Path>> sorted = new HashMap<>();
      for (Path file : files) {
        String origin = reader.apply(file);
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

    private int verify(Path copy, List<Path> earlier, List<Path> answers, Optional<Path> list) {
      List<VerifierKey> known = keys(copy);
      Quorum quorum = quorum();
      Verifier verifier = verifier(copy, known, quorum);
      for (Path file : earlier) {
        verifier.expecting(file.toString(), given(file));
      }
      List<RetiredKey> retired = retiredKeys(copy);
      List<ReceiptFile> promised = new ArrayList<>();
      for (Path file : answers) {
        promised.add(ReceiptFile.read(file, given(file), known, retired));
      }
      promised.forEach(receipt -> receipt.wanted().ifPresent(verifier::expecting));
      Optional<MineFile> own = list.map(file -> list(file, known, quorum));
      own.ifPresent(entries -> entries.lookedForBy(verifier));
      Shown shown = new Shown(spec.commandLine().getErr());
      Outcome outcome = verifier.verify(shown::at);
      SurplusFiles surplus =
          outcome
              .checkpoint()
              .map(checkpoint -> SurplusFiles.in(copy, checkpoint.size()))
              .orElse(SurplusFiles.NONE);
      return print(outcome, surplus, promised, own);
    }

    private MineFile list(Path file, List<VerifierKey> known, Quorum quorum) {
      return MineFile.read(file, known, quorum, spec.commandLine().getErr());
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

    private static Verifier verifier(Path copy, List<VerifierKey> known, Quorum quorum) {
      try {
        return new Verifier(path -> read(copy, path), known, quorum);
      } catch (IllegalArgumentException e) {
        throw new CommandRefused(Printable.of(String.valueOf(e.getMessage())));
      }
    }

    private static Optional<byte[]> read(Path copy, String path) {
      Path file = copy.resolve(path);
      try {
        if (!Files.isRegularFile(file)) {
          return Optional.empty();
        }
        if (!file.toRealPath().startsWith(copy.toRealPath())) {
          throw new CommandRefused(
              "`" + file + "` leads out of the copy; a copy has its files in itself");
        }
        return Optional.of(given(file));
      } catch (IOException e) {
        throw new CommandRefused("cannot read `" + file + "`");
      }
    }

    /** The file, or so much of it that it is too long for whatever it should be. */
    private static byte[] given(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(EntryBundle.MAX_SIZE + 1);
      } catch (IOException e) {
        throw new CommandRefused("cannot read `" + file + "`");
      }
    }

    /** The keys that were given with the command. */
    private List<VerifierKey> given() {
      return keys.stream().map(key -> key("--key", key)).toList();
    }

    private List<VerifierKey> keys(Path copy) {
      if (!keys.isEmpty()) {
        return given();
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

    /** The copy's word, which counts where its own key does. */
    private List<RetiredKey> retiredKeys(Path copy) {
      Optional<byte[]> own = keys.isEmpty() ? read(copy, "retired-keys") : Optional.empty();
      try {
        return own.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).stream()
            .flatMap(String::lines)
            .map(RetiredKey::parse)
            .toList();
      } catch (IllegalArgumentException e) {
        throw new CommandRefused("`" + copy.resolve("retired-keys") + "`: " + e.getMessage());
      }
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

    private int print(MineFile list) {
      PrintWriter out = spec.commandLine().getOut();
      StatementVerifier.Outcome outcome = list.outcome();
      if (!outcome.witnesses().isEmpty()) {
        out.println("witnesses   " + String.join(", ", outcome.witnesses()));
      }
      MineFile.print(out, outcome);
      return conclude(
          out,
          outcome.findings(),
          outcome.more(),
          "sound: every entry listed is in the log, and the log signed that these are all; a copy of"
              + " the log would show one that was left out");
    }

    private int print(
        Outcome outcome,
        SurplusFiles surplus,
        List<ReceiptFile> promised,
        Optional<MineFile> list) {
      PrintWriter out = spec.commandLine().getOut();
      outcome.checkpoint().ifPresent(checkpoint -> print(out, checkpoint));
      if (!outcome.witnesses().isEmpty()) {
        out.println("witnesses   " + Printable.of(String.join(", ", outcome.witnesses())));
      }
      if (outcome.pruned() > 0) {
        out.printf(
            Locale.ROOT,
            "pruned      the first %,d entries are no longer kept; their hashes are verified%n",
            outcome.pruned());
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
                        "receipt     %s: in the log, entry %,d%n",
                        wanted.where(),
                        outcome.positions().get(wanted)));
      }
      outcome
          .notYet()
          .forEach(
              wanted ->
                  out.println(
                      "receipt     "
                          + wanted.where()
                          + ": not covered by this copy yet; it was promised by "
                          + wanted.due()
                          + ", ask for a copy made after that"));
      findings.addAll(outcome.findings());
      findings.addAll(surplus.findings());
      long more = outcome.more() + surplus.more();
      Optional<StatementVerifier.Outcome> listed = list.map(MineFile::outcome);
      if (listed.isPresent()) {
        MineFile.print(out, listed.get());
        MineFile.printLookedAt(out, listed.get());
        findings.addAll(listed.get().findings());
        more += listed.get().more();
      }
      int code =
          conclude(
              out,
              findings,
              more,
              listed.isPresent()
                  ? "sound: every entry, every tile and the checkpoint are as they must be, and every"
                      + " entry with the person's mark is listed"
                  : "sound: every entry, every tile and the checkpoint are as they must be");
      return code == Main.DONE && !outcome.notYet().isEmpty() ? Main.OPEN : code;
    }

    private static int conclude(PrintWriter out, List<Finding> findings, long more, String sound) {
      for (Finding finding : findings) {
        out.println("WRONG       " + Printable.of(finding.where() + ": " + finding.what()));
      }
      if (more > 0) {
        out.printf(Locale.ROOT, "            and %,d findings more%n", more);
      }
      out.println(findings.isEmpty() ? sound : "not sound");
      out.flush();
      return findings.isEmpty() ? Main.DONE : Main.WRONG;
    }

    private static void print(PrintWriter out, Checkpoint checkpoint) {
      out.println("log         " + Printable.of(checkpoint.origin()));
      out.printf(Locale.ROOT, "entries     %,d%n", checkpoint.size());
      out.println("root        " + checkpoint.root());
    }
  }
}
