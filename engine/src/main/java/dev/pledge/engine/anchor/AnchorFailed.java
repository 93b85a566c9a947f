package dev.pledge.engine.anchor;

/**
 * An anchor could not be told or asked now; it is tried again. The message says what was found and
 * what to do, and is for the operator.
 */
public final class AnchorFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AnchorFailed(String message) {
    super(message);
  }
}
