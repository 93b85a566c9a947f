package dev.pledge.log;

/**
 * Bytes that are no signed note, a signature line that is none, or a note's text that is no
 * checkpoint.
 *
 * <p>The message says what is wrong, never what stood there: nothing of it is signed.
 */
public final class MalformedNote extends RuntimeException {
  MalformedNote(String message) {
    super(message);
  }

  MalformedNote(String message, Throwable cause) {
    super(message, cause);
  }
}
