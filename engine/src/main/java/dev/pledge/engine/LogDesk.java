package dev.pledge.engine;

import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.Kind;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.Outcome;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.Sha256;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Where logs are copied without a {@link Pledge}, to be verified elsewhere. */
public final class LogDesk implements AutoCloseable {
  private final Configuration at;
  private final Desk desk;

  private LogDesk(Configuration at) {
    this.at = at;
    this.desk = new Desk(at, "audit");
  }

  /**
   * Opens the logs of what {@code at} names; its policy is not read.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static LogDesk open(Configuration at) {
    return new LogDesk(at);
  }

  /** The names of the logs, in the order of their numbers; most deployments have one. */
  public List<String> logs() {
    return desk.logs().stream().map(LogName::toString).toList();
  }

  /** The keys that receipts of earlier were signed with, log by log, the newest first. */
  public List<RetiredKey> retiredKeys() {
    return desk.logs().stream().flatMap(log -> signer(log).retired().stream()).toList();
  }

  /**
   * What the checkpoints of the logs are verified with, log by log; while they change their key,
   * with either, the newest first.
   */
  public List<VerifierKey> verifierKeys() {
    return desk.logs().stream().flatMap(log -> signer(log).verifierKeys().stream()).toList();
  }

  private LogSigner signer(LogName log) {
    return desk.keys().logSigner(log);
  }

  /**
   * Begins to change the key that all logs are signed with: from the next start on, the new key and
   * the old one both sign. It is entered in each log before: no entry, no change. If it is cut
   * short between the two, it can be begun again, with another key and another entry.
   *
   * @throws KeyChangeRefused if a change has begun already, or a server is running
   */
  public void beginKeyChange() {
    requireAlone();
    if (keysOfFirst().size() > 1) {
      throw new KeyChangeRefused("the log changes its key already; end that first, with --finish");
    }
    desk.keys().addLogKey(this::enterKey);
  }

  private List<VerifierKey> keysOfFirst() {
    return signer(LogName.FIRST).verifierKeys();
  }

  /**
   * Ends it: the old key signs no more. It is entered in each log before; if it is cut short
   * between the two, it can be ended again.
   *
   * @throws KeyChangeRefused if none has begun, if the new key has not signed yet, or a server is
   *     running
   */
  public void endKeyChange() {
    requireAlone();
    List<VerifierKey> keys = keysOfFirst();
    if (keys.size() < 2) {
      throw new KeyChangeRefused("the log changes no key; begin without --finish");
    }
    if (!desk.logs().stream().allMatch(this::isSignedAnew)) {
      throw new KeyChangeRefused(
          "the new key has signed no checkpoint yet, or none that a witness, or as many as are asked"
              + " for, cosigned; start Pledge once, and give people time to learn of the key");
    }
    enterKey(keys.getFirst());
    desk.keys().retireOldLogKeys(at.clock().instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Whether the new key has signed what the log shows now, and what it may yet show. */
  private boolean isSignedAnew(LogName log) {
    List<VerifierKey> keys = signer(log).verifierKeys();
    Optional<byte[]> last = desk.keys().store().lastCheckpoint(log.number());
    // What is shown while witnesses are waited for must not be what the old key alone has signed.
    return last.filter(note -> isSigned(note, keys)).isPresent()
        && export(log).newestCosigned().filter(note -> !isSigned(note, keys)).isEmpty()
        && extent(log.toString()).filter(shown -> !isSigned(shown.note(), keys)).isEmpty();
  }

  private static boolean isSigned(byte[] note, List<VerifierKey> keys) {
    try {
      return SignedNote.open(note, keys).signers().contains(keys.getFirst());
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      return false;
    }
  }

  private void requireAlone() {
    if (at.external().isPresent()) {
      throw new KeyChangeRefused(
          "whether a server runs on a database that is not Pledge's own is not known here, so the"
              + " key is not changed beside it; name the data directory of an own one");
    }
    if (!desk.isAlone()) {
      throw new KeyChangeRefused("a server is running on these keys; stop it first");
    }
  }

  /** Why the key the log is signed with was not changed. */
  public static final class KeyChangeRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyChangeRefused(String message) {
      super(message);
    }
  }

  /**
   * How far a copy of the log of that name, made now, would go; empty before enough witnesses
   * cosigned it.
   */
  public Optional<LogExport.Extent> extent(String log) {
    return export(named(log)).extent();
  }

  /**
   * Copies a log; that it was copied is entered first, in that log, and is not in the copy.
   *
   * @param extent what {@link #extent} gave
   * @param progress is told how many entries are copied
   * @throws IllegalStateException if the log does not hold what it should
   */
  public void write(
      String log, LogExport.Extent extent, LogExport.Target target, LongConsumer progress) {
    enter(named(log), Kind.LOG_EXPORT, Optional.empty());
    export(named(log)).write(extent, target, progress);
  }

  private static LogName named(String log) {
    return LogName.of(log).orElseThrow();
  }

  /** In each log, so that each has something new for the new key to sign. */
  private void enterKey(VerifierKey newest) {
    desk.logs().forEach(log -> enter(log, Kind.LOG_KEY, Optional.of(newest)));
  }

  private void enter(LogName log, Kind kind, Optional<VerifierKey> key) {
    Facts.Builder facts =
        Facts.of(kind, at.clock().instant(), Outcome.PERMITTED, Caller.of(Caller.SYSTEM, Desk.BY));
    key.ifPresent(
        newest ->
            facts.digest(ByteString.of(Sha256.digest().digest(newest.publicKey().toByteArray()))));
    var _ = desk.audit(log).record(Draft.aboutNobody(facts.build()));
  }

  private LogExport export(LogName log) {
    return new LogExport(
        log.toString(),
        desk.database(),
        desk.keys().store().intakeSeal(),
        signer(log),
        at.anchors().quorum());
  }

  @Override
  public void close() {
    desk.close();
  }
}
