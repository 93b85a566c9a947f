package dev.pledge.engine.keys;

/**
 * The keys cannot be used as they lie: missing, of another deployment, older than the data,
 * readable by others, altered, or under another root key. The message says what to do; nothing was
 * changed.
 */
public final class KeyStoreRefusedException extends RuntimeException {
  /** With what to do. */
  public KeyStoreRefusedException(String message) {
    super(message);
  }
}
