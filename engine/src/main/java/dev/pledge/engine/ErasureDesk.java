package dev.pledge.engine;

import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Where it is looked for what is left of an erased person, without a {@link Pledge}. */
public final class ErasureDesk implements AutoCloseable {
  private final Configuration at;
  private final Desk desk;

  private ErasureDesk(Configuration at) {
    this.at = at;
    this.desk = new Desk(at, "erasure");
  }

  /**
   * Opens the data and the keys of what {@code at} names; its policy is not read.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static ErasureDesk open(Configuration at) {
    return new ErasureDesk(at);
  }

  /** What certificates are verified with here, those of former keys and logs too, newest first. */
  public List<VerifierKey> verifierKeys() {
    LogSigner signer = desk.keys().logSigner(LogName.FIRST);
    return Stream.concat(
            signer.verifierKeys().stream(), signer.retired().stream().map(RetiredKey::key))
        .toList();
  }

  /**
   * What the erasure ledger has of a person.
   *
   * @param certificate its id
   * @param on the day of the erasure, by UTC
   */
  public record Entered(UUID certificate, LocalDate on) {}

  /** What the erasure ledger has of the person; empty if they were not erased. */
  public Optional<Entered> ledger(SubjectId subject) {
    return desk.keys()
        .store()
        .ledger()
        .find(subject)
        .map(
            erased ->
                new Entered(
                    erased.certificate(), erased.at().atOffset(ZoneOffset.UTC).toLocalDate()));
  }

  /** Until when the person, sealed under that certificate, may come back; empty if they are not. */
  public Optional<Instant> sealedUntil(SubjectId subject, UUID certificate) {
    return desk.keys()
        .store()
        .ledger()
        .sealing(subject)
        .filter(sealing -> sealing.certificate().equals(certificate))
        .map(ErasureLedger.Erased::at);
  }

  /** Whether the key journal has a key of the person, who then is not in the ledger. */
  public boolean hasKey(SubjectId subject) {
    return !desk.keys().store().journal().of(Set.of(subject)).isEmpty();
  }

  /** Whether the file of the key journal still has a key of the person that counts no more. */
  public boolean hasFormerKey(SubjectId subject) {
    return desk.keys().store().journal().holdsAnyOf(subject);
  }

  /** The epochs whose keys live. */
  public Set<Integer> livingEpochs() {
    return desk.keys().store().livingEpochs();
  }

  /** How many rows of each table name the person, of those that do. */
  public Map<String, Long> inTables(SubjectId subject) {
    return new Remains(subject).inTables(desk.database());
  }

  /**
   * How often the files of the data directory name the person, by the tables and indexes they are
   * of; what is of none by its path. Those of another database than Pledge's own are not looked at.
   *
   * @param progress is told how many bytes were read, and how many there are
   */
  public Map<String, Long> inFiles(SubjectId subject, Progress progress) {
    Map<String, Long> found = new TreeMap<>();
    if (at.external().isPresent()) {
      return found;
    }
    Map<String, String> owners = Remains.owners(desk.database());
    inFiles(subject, at.data(), progress)
        .forEach((path, count) -> found.merge(owner(path, owners), count, Long::sum));
    return found;
  }

  /** Is told how far the reading of files is, in bytes. */
  @FunctionalInterface
  public interface Progress {
    /** {@code done} of {@code all}. */
    void at(long done, long all);
  }

  /** How often each file below a directory names the person, of those that do, by their paths. */
  public static Map<String, Long> inFiles(SubjectId subject, Path directory, Progress progress) {
    long all = Math.max(1, Remains.size(directory));
    LongConsumer told = done -> progress.at(Math.min(done, all), all);
    return new Remains(subject).inFiles(directory, told);
  }

  /** The server's own paths begin where its directory does; a relation of 1 GiB has more files. */
  private static String owner(String path, Map<String, String> owners) {
    for (Map.Entry<String, String> owner : owners.entrySet()) {
      int from = path.indexOf(owner.getKey());
      if (from >= 0 && path.substring(from + owner.getKey().length()).matches("(\\.[0-9]+)?")) {
        return owner.getValue();
      }
    }
    return path;
  }

  @Override
  public void close() {
    desk.close();
  }
}
