package dev.pledge.engine.audit;

/**
 * The log does not fit what was signed of it, or is altered. Nothing more is signed until somebody
 * has looked into it. The message says what was found and what to do, and holds nothing of anybody.
 */
public final class LogBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogBroken(String message) {
    super(message);
  }
}
