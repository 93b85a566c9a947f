package dev.pledge.engine;

import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.LogExport;
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

/** Where the log is copied without a {@link Pledge}, to be verified elsewhere. */
public final class LogDesk implements AutoCloseable {
  private final Configuration at;
  private final Desk desk;

  private LogDesk(Configuration at) {
    this.at = at;
    this.desk = new Desk(at, "audit");
  }

  /**
   * Opens the log of what {@code at} names; its policy is not read.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static LogDesk open(Configuration at) {
    return new LogDesk(at);
  }

  /** What the log's checkpoints are verified with; while it changes its key, with either. */
  public List<VerifierKey> verifierKeys() {
    return desk.keys().logSigner().verifierKeys();
  }

  /** The keys that receipts of earlier were signed with, the newest first. */
  public List<RetiredKey> retiredKeys() {
    return desk.keys().logSigner().retired();
  }

  /**
   * Begins to change the key that the log is signed with: from the next start on, the new key and
   * the old one both sign. It is entered in the log first: no entry, no change. If it is cut short
   * between the two, it can be begun again, with another key and another entry.
   *
   * @throws KeyChangeRefused if a change has begun already, or a server is running
   */
  public void beginKeyChange() {
    requireAlone();
    if (verifierKeys().size() > 1) {
      throw new KeyChangeRefused("the log changes its key already; end that first, with --finish");
    }
    desk.keys().addLogKey(key -> enter(Kind.LOG_KEY, Optional.of(key)));
  }

  /**
   * Ends it: the old key signs no more. It is entered in the log first; if it is cut short between
   * the two, it can be ended again.
   *
   * @throws KeyChangeRefused if none has begun, if the new key has not signed yet, or a server is
   *     running
   */
  public void endKeyChange() {
    requireAlone();
    List<VerifierKey> keys = verifierKeys();
    if (keys.size() < 2) {
      throw new KeyChangeRefused("the log changes no key; begin without --finish");
    }
    // What is shown while witnesses are waited for must not be what the old key alone has signed.
    boolean known =
        desk.keys().store().lastCheckpoint().filter(note -> isSigned(note, keys)).isPresent()
            && export().newestCosigned().filter(note -> !isSigned(note, keys)).isEmpty();
    if (!known) {
      throw new KeyChangeRefused(
          "the new key has signed no checkpoint yet, or none that a witness cosigned; start Pledge"
              + " once, and give people time to learn of the key");
    }
    enter(Kind.LOG_KEY, Optional.of(keys.getFirst()));
    desk.keys().retireOldLogKeys(at.clock().instant().truncatedTo(ChronoUnit.MILLIS));
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

  /** How far a copy made now would go; empty before enough witnesses cosigned it. */
  public Optional<LogExport.Extent> extent() {
    return export().extent();
  }

  /**
   * Copies the log; that it was copied is entered first, and is not in the copy.
   *
   * @param extent what {@link #extent} gave
   * @param progress is told how many entries are copied
   * @throws IllegalStateException if the log does not hold what it should
   */
  public void write(LogExport.Extent extent, LogExport.Target target, LongConsumer progress) {
    enter(Kind.LOG_EXPORT, Optional.empty());
    export().write(extent, target, progress);
  }

  private void enter(Kind kind, Optional<VerifierKey> key) {
    Facts.Builder facts =
        Facts.of(kind, at.clock().instant(), Outcome.PERMITTED, Caller.of(Caller.SYSTEM, Desk.BY));
    key.ifPresent(
        newest ->
            facts.digest(ByteString.of(Sha256.digest().digest(newest.publicKey().toByteArray()))));
    var _ = desk.audit().record(Draft.aboutNobody(facts.build()));
  }

  private LogExport export() {
    return new LogExport(
        Pledge.LOG_NAME,
        desk.database(),
        desk.keys().intakeSeal(),
        desk.keys().logSigner(),
        at.anchors().quorum());
  }

  @Override
  public void close() {
    desk.close();
  }
}
