package dev.pledge.engine.keys;

/**
 * The service that has the root key cannot be used now: out of reach, sealed, too slow, or it does
 * not take the credentials. The message names the service and what to do, never a credential or a
 * key; nothing was changed.
 */
public final class RootKeyUnavailableException extends RuntimeException {
  /** With what to do. */
  public RootKeyUnavailableException(String message) {
    super(message);
  }
}
