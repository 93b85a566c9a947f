package dev.pledge.engine.anchor;

/** The anchors cannot be used as they are given; the message says why and what to do. */
public final class AnchorsRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For the operator. */
  public AnchorsRefused(String message) {
    super(message);
  }
}
