package dev.pledge.engine.store;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Sorts what the driver and Jdbi throw and takes the values out of it.
 *
 * <p>INVARIANT: no result refers to the original exception, whose messages repeat statements,
 * arguments and rows.
 */
final class SqlFailure {
  private static final int DEPTH = 16;

  private SqlFailure() {}

  /** What the exception means when it ended work that had not begun to commit. */
  static RuntimeException beforeCommit(Exception thrown) {
    SQLException sql = find(thrown, SQLException.class);
    if (sql == null) {
      return withoutSql(thrown);
    }
    String state = sql.getSQLState();
    if (isConnectionLoss(sql) || isContention(thrown)) {
      return traced(new DatabaseUnavailable("the database cannot serve now", state), thrown);
    }
    if (state != null && state.startsWith("23")) {
      return traced(new ConstraintViolated(constraint(thrown), state), thrown);
    }
    return traced(new DatabaseFailed("the statement failed", state), thrown);
  }

  /** What the exception means when the commit itself threw it. */
  static RuntimeException atCommit(SQLException thrown) {
    return isRolledBack(thrown)
        ? beforeCommit(thrown)
        : traced(new CommitUnknown(thrown.getSQLState()), thrown);
  }

  /** What the exception means when no connection could be had. */
  static DatabaseUnavailable noConnection(Exception thrown) {
    return traced(
        new DatabaseUnavailable("no database connection could be had", state(thrown)), thrown);
  }

  /** Whether trying the whole transaction again may help at once: it lost to another one. */
  static boolean isContention(Exception thrown) {
    String state = state(thrown);
    return "40001".equals(state) || "40P01".equals(state);
  }

  // Only these say for certain that the server rolled back; 40003 says that it does not know.
  private static boolean isRolledBack(SQLException thrown) {
    String state = thrown.getSQLState();
    return state != null
        && (state.startsWith("23")
            || (state.startsWith("40") && !state.equals("40003"))
            || state.equals("25P02"));
  }

  private static boolean isConnectionLoss(SQLException sql) {
    if (sql instanceof SQLTransientConnectionException
        || sql instanceof SQLNonTransientConnectionException
        || sql instanceof SQLRecoverableException) {
      return true;
    }
    String state = sql.getSQLState();
    return state != null && isUnavailable(state);
  }

  // 08 connection, 53 resources, 57P shutting down, 57014 time-out, 55P03 lock time-out,
  // 25006 the primary became a standby.
  private static boolean isUnavailable(String state) {
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.equals("57014")
        || state.equals("55P03")
        || state.equals("25006");
  }

  private static @Nullable String state(Exception thrown) {
    SQLException sql = find(thrown, SQLException.class);
    return sql == null ? null : sql.getSQLState();
  }

  private static String constraint(Exception thrown) {
    PSQLException server = find(thrown, PSQLException.class);
    ServerErrorMessage message = server == null ? null : server.getServerErrorMessage();
    String name = message == null ? null : message.getConstraint();
    return name == null ? "not null" : name;
  }

  private static RuntimeException withoutSql(Exception thrown) {
    JdbiException jdbi = find(thrown, JdbiException.class);
    if (jdbi != null) {
      return traced(
          new DatabaseFailed("the statement failed: " + jdbi.getClass().getSimpleName(), null),
          thrown);
    }
    return thrown instanceof RuntimeException own ? own : new IllegalStateException(thrown);
  }

  private static <X extends Throwable> @Nullable X find(Throwable thrown, Class<X> type) {
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < DEPTH; depth++) {
      if (type.isInstance(next)) {
        return type.cast(next);
      }
      // A batch keeps the server's own exception beside the cause.
      Throwable cause = next.getCause();
      next = cause == null && next instanceof SQLException sql ? sql.getNextException() : cause;
    }
    return null;
  }

  private static <X extends RuntimeException> X traced(X failure, Exception original) {
    failure.setStackTrace(original.getStackTrace());
    return failure;
  }
}
