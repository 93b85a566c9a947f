package dev.pledge.engine.store;

import org.jspecify.annotations.Nullable;

/**
 * A statement or a connection failed.
 *
 * <p>Carries the SQLSTATE alone: the driver's exceptions repeat statements and values, so they are
 * never kept as cause, message or suppressed exception. The stack trace is the one of the original
 * failure.
 *
 * <p>This class itself stands for a broken invariant (a mistake in a statement, a missing table);
 * what a caller can act on has a class of its own.
 */
public sealed class DatabaseFailed extends RuntimeException
    permits CommitUnknown, ConstraintViolated, DatabaseUnavailable {
  private final @Nullable String sqlState;

  DatabaseFailed(String message, @Nullable String sqlState) {
    super(sqlState == null ? message : message + " (SQLSTATE " + sqlState + ")");
    this.sqlState = sqlState;
  }

  /** The five-character SQLSTATE, or null when the failure had none. */
  public final @Nullable String sqlState() {
    return sqlState;
  }
}
