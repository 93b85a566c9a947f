package dev.pledge.engine.keys;

import dev.pledge.engine.audit.KeysUnavailable;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * For how long unwrapped keys may be used without asking the root key again: for ever where it lies
 * in this process, otherwise {@value #SECONDS} seconds from when it was last asked and answered.
 * Looked at with each use, so nothing has to run for it to end.
 *
 * <p>Safe for use by many threads.
 */
final class KeyLease {
  static final int SECONDS = 60;
  private static final long TERM = Duration.ofSeconds(SECONDS).toNanos();

  private final boolean endless;
  private final LongSupplier nanoTime;
  private volatile long asked;
  private volatile boolean ended;

  /**
   * @param asked when the root key was asked for what it answered since
   */
  KeyLease(RootKey root, LongSupplier nanoTime, long asked) {
    this.endless = root.isHere();
    this.nanoTime = nanoTime;
    this.asked = asked;
  }

  boolean isLive() {
    return endless || (!ended && nanoTime.getAsLong() - asked < TERM);
  }

  void requireLive() {
    if (!isLive()) {
      throw unavailable();
    }
  }

  static KeysUnavailable unavailable() {
    return new KeysUnavailable(
        "the keys are locked until the root key answers again; see to its service");
  }

  /** Begins anew, from when the root key was asked. */
  void renew(long from) {
    asked = from;
    ended = false;
  }

  /** Ends now, until it is renewed. */
  void end() {
    ended = true;
  }
}
