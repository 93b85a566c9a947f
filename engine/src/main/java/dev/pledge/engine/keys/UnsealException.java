package dev.pledge.engine.keys;

/**
 * Something sealed did not open: it was altered or cut short, sealed for another place, person,
 * generation, epoch or deployment, or under another key. Which of these cannot be told apart.
 *
 * <p>The message names what did not open, never the value, the key or the person.
 */
public final class UnsealException extends RuntimeException {
  /** With what did not open. */
  public UnsealException(String message) {
    super(message);
  }
}
