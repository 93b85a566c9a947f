package dev.pledge.log;

/**
 * Bytes that are not the canonical encoding of what they were read as: damaged, truncated, too
 * long, or written by something else.
 *
 * <p>The message says where, never what stood there.
 */
public final class MalformedEntry extends RuntimeException {
  MalformedEntry(String message) {
    super(message);
  }

  MalformedEntry(String message, Throwable cause) {
    super(message, cause);
  }
}
