package dev.pledge.engine;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.gate.Replay;
import dev.pledge.policy.decision.Policy;
import java.util.List;

/**
 * Where the logs are decided again without a {@link Pledge}; it changes nothing, and leaves an
 * entry in the log that the keys were opened.
 */
public final class ReplayDesk implements AutoCloseable {
  private final Desk desk;
  private final Replay replay;

  private ReplayDesk(Configuration at, Policy other) {
    PolicyFiles files = PolicyFiles.read(at.policy());
    this.desk = new Desk(at, "replay");
    try {
      List<LogReader> logs =
          desk.logs().stream()
              .map(
                  log ->
                      new LogReader(
                          log.toString(), desk.database(), desk.keys().store().intakeSeal()))
              .toList();
      this.replay = new Replay(logs, files.policies(), other);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens the logs of what {@code at} names, whose policy is the one that decided.
   *
   * @throws PolicyFiles.PolicyRefused if that policy is not sound
   * @throws IllegalArgumentException if {@code other} is a version of another policy
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static ReplayDesk open(Configuration at, Policy other) {
    return new ReplayDesk(at, other);
  }

  /** What decides it again. */
  public Replay replay() {
    return replay;
  }

  @Override
  public void close() {
    desk.close();
  }
}
