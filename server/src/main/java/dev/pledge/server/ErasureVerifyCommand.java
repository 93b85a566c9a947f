package dev.pledge.server;

import dev.pledge.engine.ErasureDesk;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.server.console.LateProgress;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge erasure verify FILE}. */
@Command(
    name = "verify",
    description = {
      "Verify a certificate of erasure, with nothing else at hand than the log's verifier key.",
      "With --scan, look through the tables, indexes and files of the data directory and through"
          + " the key store for what is left of the person; with --backup, through a copy of the"
          + " data. Both ask for the person's id.",
      "Exit code 0 if the certificate holds and nothing of the person is left here but places that"
          + " are written over in time, 1 if not. Whether copies can be read is told, and counts"
          + " for nothing."
    },
    mixinStandardHelpOptions = true)
final class ErasureVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Parameters(
      paramLabel = "FILE",
      description = "The answer to the erasure, or the certificate in it (`signed`).")
  private Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The log's verifier key, from somebody you trust; repeat it for older keys.")
  private List<String> keys = List.of();

  @Option(names = "--person", paramLabel = "ID", description = "Whose certificate it has to be.")
  private @Nullable UUID person;

  @Option(
      names = "--scan",
      description = {
        "Look for what is left here. Without --key, the key of the log here is taken.",
        "Reads every table and file once; beside a server that runs, or without one."
      })
  private boolean scan;

  @Option(
      names = "--backup",
      paramLabel = "DIR",
      description = "A copy of the data directory to look through; repeat it.")
  private List<Path> backups = List.of();

  @Override
  public Integer call() {
    requireUsable();
    try {
      return scan ? verifyHere() : verify(given(), Optional.empty());
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  private void requireUsable() {
    if (keys.isEmpty() && !scan) {
      throw new ParameterException(
          spec.commandLine(), "give the log's verifier key with --key, from somebody you trust");
    }
    if (person == null && (scan || !backups.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "name with --person whom to look for; a certificate names nobody");
    }
    for (Path backup : backups) {
      if (!Files.isDirectory(backup)) {
        throw new CommandRefused("`" + backup + "` is no directory; name a copy of the data");
      }
    }
  }

  private int verifyHere() {
    try (ErasureDesk desk = ErasureDesk.open(places.existing())) {
      List<VerifierKey> known = keys.isEmpty() ? desk.verifierKeys() : given();
      return verify(known, Optional.of(desk));
    }
  }

  private List<VerifierKey> given() {
    return keys.stream().map(key -> AuditCommand.key(spec, "--key", key)).toList();
  }

  private int verify(List<VerifierKey> known, Optional<ErasureDesk> desk) {
    ErasureCertificate certificate = CertificateFile.read(file, known);
    say(
        String.format(
            Locale.ROOT, "certificate %s, signed by %s", certificate.id(), certificate.origin()));
    say(
        String.format(
            Locale.ROOT,
            "  nothing of the person can be read here since %s",
            certificate.inaccessibleSince()));
    certificate
        .recoverableUntil()
        .ifPresent(
            until ->
                say(
                    String.format(
                        Locale.ROOT,
                        "  the person, and nobody else, can take it back until %s; then it is"
                            + " erased",
                        until)));
    say(
        String.format(
            Locale.ROOT,
            "  %s",
            oldCopies(certificate.epochs(), certificate.irrecoverableBy().isPresent())));
    certificate
        .irrecoverableBy()
        .ifPresent(
            by -> say(String.format(Locale.ROOT, "  and nobody reads any copy from %s on", by)));
    certificate
        .kept()
        .forEach(
            kept ->
                say(
                    String.format(
                        Locale.ROOT,
                        "  the law has some of it kept, for %s and nothing else, until %s",
                        kept.purpose(),
                        kept.until())));
    if (!certificate.marked().isEmpty()) {
      say(
          String.format(
              Locale.ROOT,
              "  a mark of each alias stays, which names nobody and keeps lists from bringing the"
                  + " person back against their objection to: %s",
              String.join(", ", certificate.marked())));
    }
    boolean holds = true;
    if (person != null) {
      holds = certificate.isAbout(person);
      say(holds ? "it is about that person" : "WRONG: it is about somebody else");
    }
    if (person != null && desk.isPresent()) {
      holds &= isGone(desk.get(), new SubjectId(person), certificate);
    }
    if (person != null) {
      Optional<Set<Integer>> living = desk.map(ErasureDesk::livingEpochs);
      for (Path backup : backups) {
        lookThrough(backup, new SubjectId(person), certificate, living);
      }
    }
    say(holds ? "verified" : "NOT verified");
    return holds ? Main.DONE : Main.WRONG;
  }

  private static String oldCopies(Set<Integer> epochs, boolean until) {
    return "old copies of the data can be read with the keys of "
        + named(epochs)
        + (until ? "" : ", for which no end is set");
  }

  private static String named(Set<Integer> epochs) {
    return (epochs.size() == 1 ? "epoch " : "epochs ")
        + epochs.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private boolean isGone(ErasureDesk desk, SubjectId subject, ErasureCertificate certificate) {
    Optional<Instant> sealed = desk.sealedUntil(subject, certificate.id());
    if (sealed.isPresent()) {
      say(
          String.format(
              Locale.ROOT,
              "ledger: sealed; nothing is removed before %s, since they may come back",
              sealed.get()));
      return true;
    }
    if (certificate.recoverableUntil().isPresent() && desk.ledger(subject).isEmpty()) {
      say("ledger: the person took it back");
      return true;
    }
    boolean gone = true;
    Optional<ErasureDesk.Entered> entered = desk.ledger(subject);
    if (entered.filter(erased -> erased.certificate().equals(certificate.id())).isPresent()) {
      say(String.format(Locale.ROOT, "ledger: erased on %s", entered.get().on()));
    } else {
      say("ledger: WRONG: it does not have this certificate");
      gone = false;
    }
    if (desk.hasKey(subject)) {
      say("key journal: WRONG: it has a key of the person; if they were erased, start Pledge once");
      gone = false;
    } else if (desk.hasFormerKey(subject)) {
      say("key journal: no key of the person; a former one is in its file for a day at most");
    } else {
      say("key journal: no key of the person");
    }
    Map<String, Long> rows = desk.inTables(subject);
    if (rows.isEmpty()) {
      say("tables: no row names the person");
    } else {
      rows.forEach(
          (table, count) ->
              say(
                  String.format(
                      Locale.ROOT, "tables: WRONG: %s names them, rows: %,d", table, count)));
      say("  if they were erased, start Pledge once, which finishes erasures that were cut short");
      gone = false;
    }
    Map<String, Long> places = desk.inFiles(subject, searched());
    if (places.isEmpty()) {
      say("files: no place names the person");
    } else {
      places.forEach(
          (owner, count) ->
              say(
                  String.format(
                      Locale.ROOT, "files: %s names the person, places: %,d", owner, count)));
      say(
          "  what deleted rows left there goes when it is vacuumed or written over; until then "
              + opening(certificate, Optional.of(desk.livingEpochs())));
    }
    return gone;
  }

  private void lookThrough(
      Path backup,
      SubjectId subject,
      ErasureCertificate certificate,
      Optional<Set<Integer>> living) {
    Map<String, Long> places = ErasureDesk.inFiles(subject, backup, searched());
    long count = places.values().stream().mapToLong(Long::longValue).sum();
    if (count == 0) {
      say(String.format(Locale.ROOT, "%s: no place names the person", backup));
      return;
    }
    say(
        String.format(
            Locale.ROOT,
            "%s names the person, places: %,d, in files: %,d",
            backup,
            count,
            places.size()));
    say("  " + opening(certificate, living));
  }

  private static String opening(ErasureCertificate certificate, Optional<Set<Integer>> living) {
    NavigableSet<Integer> still = new TreeSet<>(certificate.epochs());
    living.ifPresent(still::retainAll);
    return still.isEmpty()
        ? "no key that is left opens what is sealed there"
        : "what is sealed there opens to whoever has the keys of " + named(still);
  }

  private ErasureDesk.Progress searched() {
    return new LateProgress(spec.commandLine().getErr(), "searched")::at;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
