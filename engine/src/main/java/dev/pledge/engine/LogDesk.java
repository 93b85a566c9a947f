package dev.pledge.engine;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.VerifierKey;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Where the log is copied without a {@link Pledge}, to be verified elsewhere. */
public final class LogDesk implements AutoCloseable {
  private final Configuration at;
  private final Desk desk;

  private LogDesk(Configuration at) {
    this.at = at;
    this.desk = new Desk(at);
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

  /** What the log's checkpoints are verified with. */
  public VerifierKey verifierKey() {
    return desk.keys().logSigner().verifierKey();
  }

  /** How far a copy made now would go; empty for a log that was never signed. */
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
    Facts facts =
        Facts.of(
                Kind.LOG_EXPORT,
                at.clock().instant(),
                Outcome.PERMITTED,
                Caller.of(Caller.SYSTEM, "command-line"))
            .build();
    Audit audit = desk.audit();
    var _ = audit.record(Draft.aboutNobody(facts));
    export().write(extent, target, progress);
  }

  private LogExport export() {
    return new LogExport(
        Pledge.LOG_NAME, desk.database(), desk.keys().intakeSeal(), desk.keys().logSigner());
  }

  @Override
  public void close() {
    desk.close();
  }
}
