package dev.pledge.engine.audit;

/**
 * The unwrapped keys are locked: the root key lies elsewhere and has not answered for longer than
 * they may be used without asking it.
 *
 * <p>Nothing is sealed or opened. What was to be changed was not; it may be tried again later.
 */
public final class KeysUnavailable extends RuntimeException {
  /** With what is in the way. */
  public KeysUnavailable(String message) {
    super(message);
  }
}
