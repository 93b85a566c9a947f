package dev.pledge.engine.audit;

/**
 * The log does not fit what was signed of it, or is altered, or nobody lets it grow any more.
 * Nothing more is signed and no entry taken until somebody has looked into it: asking again does
 * not help. The message says what was found and what to do, and holds nothing of anybody.
 */
public final class LogBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogBroken(String message) {
    super(message);
  }
}
