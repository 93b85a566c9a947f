package dev.pledge.engine.store;

import org.jspecify.annotations.Nullable;

/**
 * The connection was lost while a change was being committed: it was made or it was not, and only
 * the database knows. Or it failed when part of it, outside the database, was done for good.
 *
 * <p>Neither acknowledge nor deny the change. Look for it by an identifier that was chosen before
 * the attempt, then answer.
 */
public final class CommitUnknown extends DatabaseFailed {
  CommitUnknown(@Nullable String sqlState) {
    super("the connection was lost during commit; the outcome is unknown", sqlState);
  }

  /** For work that had changed something outside the database when {@code failure} ended it. */
  CommitUnknown(RuntimeException failure) {
    super(
        "part of the change was made; the outcome is unknown",
        failure instanceof DatabaseFailed failed ? failed.sqlState() : null);
    setStackTrace(failure.getStackTrace());
  }
}
