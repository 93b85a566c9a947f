package dev.pledge.server;

import static java.util.Objects.requireNonNull;

import dev.pledge.log.Quorum;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.Verifier;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Outcome;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.console.LateProgress;
import dev.pledge.server.console.Printable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
final class VerifyCommand implements Callable<Integer> {
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
        "All entries about a person, as `/history/proof` gave them. Keep the file to yourself:"
            + " with",
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
      return report().ofList(list(requireNonNull(mine), given(), quorum()));
    }
    List<LogCopy> copies = LogCopy.in(directory);
    return copies.isEmpty() ? verifyOne(new LogCopy(directory)) : verifyEach(directory, copies);
  }

  private int verifyOne(LogCopy copy) {
    return verify(copy, checkpoints, receipts, Optional.ofNullable(mine), missedBeside(copy));
  }

  /** The logs whose keys are given, and of which a single copy is not; none if it is of another. */
  private List<Finding> missedBeside(LogCopy copy) {
    Set<String> others =
        given().stream().map(VerifierKey::name).collect(Collectors.toCollection(TreeSet::new));
    boolean isOfOne = copy.origin().filter(others::remove).isPresent();
    return isOfOne
        ? others.stream()
            .map(name -> new Finding(copy.directory().toString(), missed(name)))
            .toList()
        : List.of();
  }

  private static String missed(String log) {
    return "has no copy of log `" + log + "`";
  }

  private VerifyReport report() {
    return new VerifyReport(spec.commandLine().getOut());
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

  /** Each has to be of the log it is named after, and what is held against them of one of them. */
  private int verifyEach(Path all, List<LogCopy> copies) {
    Map<String, LogCopy> origins = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    for (LogCopy copy : copies) {
      Path at = copy.directory();
      Optional<String> origin = copy.origin();
      if (origin.isEmpty()) {
        wrong.add(at + ": has no checkpoint; the copy was cut off");
      } else if (!origin.get().startsWith(at.getFileName() + "/")) {
        wrong.add(at + ": is of another log, `" + origin.get() + "`");
      } else if (origins.putIfAbsent(origin.get(), copy) != null) {
        wrong.add(at + ": is of a log that another copy is of");
      }
    }
    given().stream()
        .map(VerifierKey::name)
        .distinct()
        .filter(name -> !origins.containsKey(name))
        .forEach(name -> wrong.add(all + ": " + missed(name)));
    Map<String, List<Path>> promised =
        byOrigin(receipts, file -> ReceiptFile.origin(file, LogCopy.content(file)), origins, wrong);
    Map<String, List<Path>> known =
        byOrigin(checkpoints, file -> LogCopy.origin(LogCopy.content(file)), origins, wrong);
    Map<String, List<Path>> listed =
        byOrigin(
            mine == null ? List.of() : List.of(mine),
            file -> LogCopy.origin(MineFile.checkpoint(file)),
            origins,
            wrong);
    PrintWriter out = spec.commandLine().getOut();
    List<Integer> codes = new ArrayList<>();
    origins.forEach(
        (origin, copy) -> {
          codes.add(
              verify(
                  copy,
                  known.getOrDefault(origin, List.of()),
                  promised.getOrDefault(origin, List.of()),
                  listed.getOrDefault(origin, List.of()).stream().findFirst(),
                  List.of()));
          out.println();
        });
    return report().ofCopies(wrong, codes);
  }

  private static Map<String, List<Path>> byOrigin(
      List<Path> files,
      Function<Path, String> reader,
      Map<String, LogCopy> origins,
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

  private int verify(
      LogCopy copy,
      List<Path> earlier,
      List<Path> answers,
      Optional<Path> list,
      List<Finding> missed) {
    List<VerifierKey> known = keys(copy);
    Quorum quorum = quorum();
    Verifier verifier = verifier(copy, known, quorum);
    for (Path file : earlier) {
      verifier.expecting(file.toString(), LogCopy.content(file));
    }
    // The copy's word counts where its own key does.
    List<RetiredKey> retired = keys.isEmpty() ? copy.retiredKeys() : List.of();
    List<ReceiptFile> promised = new ArrayList<>();
    for (Path file : answers) {
      promised.add(ReceiptFile.read(file, LogCopy.content(file), known, retired));
    }
    promised.forEach(receipt -> receipt.wanted().ifPresent(verifier::expecting));
    Optional<MineFile> own = list.map(file -> list(file, known, quorum));
    own.ifPresent(entries -> entries.lookedForBy(verifier));
    // A bar whose length is known with the checkpoint.
    LateProgress progress = new LateProgress(spec.commandLine().getErr(), "verified");
    Outcome outcome = verifier.verify(progress::at);
    SurplusFiles surplus =
        outcome
            .checkpoint()
            .map(checkpoint -> SurplusFiles.in(copy.directory(), checkpoint.size()))
            .orElse(SurplusFiles.NONE);
    return report().ofCopy(outcome, surplus, promised, own, missed);
  }

  private MineFile list(Path file, List<VerifierKey> known, Quorum quorum) {
    return MineFile.read(file, known, quorum, spec.commandLine().getErr());
  }

  private static Verifier verifier(LogCopy copy, List<VerifierKey> known, Quorum quorum) {
    try {
      return new Verifier(copy::read, known, quorum);
    } catch (IllegalArgumentException e) {
      throw new CommandRefused(Printable.of(String.valueOf(e.getMessage())));
    }
  }

  /** The keys that were given with the command. */
  private List<VerifierKey> given() {
    return keys.stream().map(key -> AuditCommand.key(spec, "--key", key)).toList();
  }

  private List<VerifierKey> keys(LogCopy copy) {
    if (!keys.isEmpty()) {
      return given();
    }
    List<String> own =
        copy.keys()
            .orElseThrow(
                () -> new CommandRefused("the copy has no key; give the log's with --key"));
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "pledge: no --key given, so the copy's own is taken: it shows that the copy fits together,"
            + " not whose log it is");
    err.flush();
    return own.stream()
        .map(line -> AuditCommand.key(spec, "`" + copy.keyFile() + "`", line))
        .toList();
  }

  private Quorum quorum() {
    Set<VerifierKey> all =
        Set.copyOf(
            witnesses.stream().map(key -> AuditCommand.key(spec, "--witness", key)).toList());
    int names = (int) all.stream().map(VerifierKey::name).distinct().count();
    try {
      return new Quorum(threshold == null ? names : threshold, all);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }
}
