package dev.pledge.engine.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to rows: {@link #read} with one connection, {@link #change} in one transaction.
 *
 * <p>Waits at most two seconds for a connection of a pool, so that overload is answered and not
 * queued. Every failure of the database leaves as a {@link DatabaseFailed}, never as the driver's
 * own exception; other exceptions of the work pass through unchanged. Recovers by itself when the
 * database comes back.
 *
 * <p>Calls do not nest: work that opens a second connection while it holds one would starve the
 * pool, so it throws {@link IllegalStateException}. Safe for use by many threads.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Fewer by far than a pool of ours has connections. */
  private static final int SNAPSHOTS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 5;

  // The least that Jdbi can describe parameters in, which is none of them; with less it fails.
  private static final int NO_PARAMETERS = 2;

  // Every statement of ours goes by keys, whatever the values; planned anew for each array of ids,
  // a read spends more on the plan than on the rows.
  private static final String PLAN_ONCE = "set plan_cache_mode = force_generic_plan";

  // A change that its program has left, and a statement gone astray, give their locks back.
  private static final String BOUNDS =
      "set statement_timeout = '25s'; set idle_in_transaction_session_timeout = '30s'";

  private final Semaphore snapshots = new Semaphore(SNAPSHOTS);
  private final ScopedValue<Boolean> working = ScopedValue.newInstance();
  private final Jdbi jdbi;
  private final Runnable closing;

  private Database(DataSource source, Runnable closing) {
    this.jdbi = jdbi(source);
    this.closing = closing;
  }

  /**
   * A database over connections somebody else pools; closing it closes nothing. They must come in
   * autocommit mode and READ COMMITTED; {@link #verify} checks the latter.
   */
  public static Database over(DataSource source) {
    return new Database(source, () -> {});
  }

  /**
   * A database over a pool of at most {@code size} connections, which closes with it.
   *
   * @param lockPatience how long a statement waits for rows that another transaction holds; then it
   *     fails as {@link DatabaseUnavailable}, so that one held row does not hold up everything else
   */
  public static Database pooled(DataSource source, int size, Duration lockPatience) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("pledge");
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(PATIENCE.toMillis() / 2);
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql(
        String.join(
            "; ", PLAN_ONCE, BOUNDS, "set lock_timeout = '" + lockPatience.toMillis() + "ms'"));
    config.setInitializationFailTimeout(-1);
    HikariDataSource pool = new HikariDataSource(config);
    return new Database(pool, pool::close);
  }

  /**
   * Runs the work with one connection in autocommit mode: each of its statements stands alone.
   *
   * @throws DatabaseUnavailable if the database cannot serve now
   * @throws DatabaseFailed if a statement fails
   */
  public <T extends @Nullable Object> T read(Work<T> work) {
    refuseNesting();
    return ScopedValue.where(working, true).call(() -> runOnce(work));
  }

  /**
   * Runs the work in one READ COMMITTED transaction and commits it durably.
   *
   * <p>A transaction that lost to another one (deadlock, serialization) is run again, at most five
   * times in all.
   *
   * @throws DatabaseUnavailable if the database cannot serve now; nothing was changed
   * @throws CommitUnknown if the connection was lost during commit, or the work failed after it had
   *     changed something outside the database
   * @throws ConstraintViolated if a constraint refused a row; nothing was changed
   * @throws DatabaseFailed if a statement fails; nothing was changed
   */
  public <T extends @Nullable Object> T change(TransactionWork<T> work) {
    refuseNesting();
    return changeApart(work);
  }

  /**
   * Runs the work over one snapshot: all its statements see the database as it was at one moment,
   * however long it takes, and change nothing. From within it other work may be done; it has a
   * connection of its own, and no more than a few of these are at work at once, so that there are
   * always others left.
   *
   * @throws DatabaseUnavailable if as many are at work as may be, or the database cannot serve now
   */
  public <T extends @Nullable Object> T snapshot(Work<T> work) {
    if (!snapshots.tryAcquire()) {
      throw new DatabaseUnavailable("too many snapshots are at work; ask again later", null);
    }
    try {
      Handle handle = open();
      try {
        handle.getConnection().setAutoCommit(false);
        handle.execute("set transaction isolation level repeatable read, read only");
        return work.run(handle);
      } catch (SQLException | RuntimeException e) {
        throw SqlFailure.beforeCommit(e);
      } finally {
        giveBack(handle);
      }
    } finally {
      snapshots.release();
    }
  }

  /** As {@link #change}, also from within other work, on a connection of its own. */
  <T extends @Nullable Object> T changeApart(TransactionWork<T> work) {
    Done<T> done = ScopedValue.where(working, true).call(() -> commitAtLast(work));
    done.transaction().actionsAfterCommit().forEach(Database::runAfterwards);
    return done.result();
  }

  /** As {@link #read}, also from within other work, on a connection of its own. */
  <T extends @Nullable Object> T readApart(Work<T> work) {
    return ScopedValue.where(working, true).call(() -> runOnce(work));
  }

  /**
   * Checks that the server keeps what this class promises. Call it before anything listens.
   *
   * @throws StartRefused if it is older than PostgreSQL 15, does not default to READ COMMITTED, or
   *     may lose a commit (fsync or synchronous_commit is off)
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public void verify() {
    String unfit =
        read(
            h ->
                h.createQuery(
                        """
                        select case
                          when current_setting('server_version_num')::int < 150000
                            then 'PostgreSQL is older than 15; upgrade it'
                          when current_setting('transaction_isolation') <> 'read committed'
                            then 'default_transaction_isolation is not `read committed`; set it'
                          when current_setting('fsync') <> 'on'
                            then 'fsync is off; switch it on'
                          when current_setting('synchronous_commit') = 'off'
                            then 'synchronous_commit is off; switch it on'
                          else '' end
                        """)
                    .mapTo(String.class)
                    .one());
    if (!unfit.isEmpty()) {
      throw new StartRefused("the database cannot keep promises: " + unfit);
    }
  }

  /** Closes the pool this database was made with, if any. */
  @Override
  public void close() {
    closing.run();
  }

  private <T extends @Nullable Object> T runOnce(Work<T> work) {
    try (Handle handle = open()) {
      return work.run(handle);
    } catch (SQLException | RuntimeException e) {
      throw SqlFailure.beforeCommit(e);
    }
  }

  private <T extends @Nullable Object> Done<T> commitAtLast(TransactionWork<T> work) {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return commitOnce(work);
      } catch (Contention lost) {
        LOG.debug("a transaction lost to another one, attempt {}", attempt);
      }
    }
    try {
      return commitOnce(work);
    } catch (Contention lost) {
      throw lost.meaning;
    }
  }

  private <T extends @Nullable Object> Done<T> commitOnce(TransactionWork<T> work)
      throws Contention {
    Handle handle = open();
    Transaction transaction = new Transaction(handle);
    boolean committed = false;
    try {
      T result = runUncommitted(handle, work, transaction);
      commit(handle.getConnection());
      committed = true;
      return new Done<>(transaction, result);
    } catch (RuntimeException e) {
      throw meaning(e, transaction);
    } catch (Contention lost) {
      throw new Contention(meaning(lost.meaning, transaction));
    } finally {
      giveBack(handle);
      if (!committed) {
        transaction.actionsUnlessCommitted().forEach(Database::runAfterwards);
      }
    }
  }

  private static <T extends @Nullable Object> T runUncommitted(
      Handle handle, TransactionWork<T> work, Transaction transaction) throws Contention {
    try {
      handle.getConnection().setAutoCommit(false);
      return work.run(transaction);
    } catch (SQLException | RuntimeException e) {
      RuntimeException meaning = SqlFailure.beforeCommit(e);
      if (SqlFailure.isContention(e)) {
        throw new Contention(meaning);
      }
      throw meaning;
    }
  }

  private static RuntimeException meaning(RuntimeException failure, Transaction transaction) {
    return transaction.hasChangedOutside() ? new CommitUnknown(failure) : failure;
  }

  private static void commit(Connection connection) throws Contention {
    refuseAborted(connection);
    try {
      connection.commit();
    } catch (SQLException e) {
      RuntimeException meaning = SqlFailure.atCommit(e);
      if (SqlFailure.isContention(e)) {
        throw new Contention(meaning);
      }
      throw meaning;
    }
  }

  // The server answers a commit after a swallowed failure by rolling back, and the driver says
  // nothing: the caller would acknowledge what was never kept.
  private static void refuseAborted(Connection connection) {
    try {
      if (!connection.isWrapperFor(BaseConnection.class)) {
        askWhetherAborted(connection);
      } else if (connection.unwrap(BaseConnection.class).getTransactionState()
          == TransactionState.FAILED) {
        throw new DatabaseFailed("a statement of the change failed and was ignored", "25P02");
      }
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(e);
    }
  }

  private static void askWhetherAborted(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  // After a commit there is nothing to roll back; without one this is what undoes the work. A
  // connection that cannot even roll back is lost, and the server rolls back by itself.
  private static void giveBack(Handle handle) {
    try (handle) {
      Connection connection = handle.getConnection();
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException | JdbiException e) {
      LOG.debug("a connection could not be given back clean: {}", e.getClass().getSimpleName());
    }
  }

  private Handle open() {
    try {
      return jdbi.open();
    } catch (JdbiException e) {
      throw SqlFailure.noConnection(e);
    }
  }

  private void refuseNesting() {
    if (working.isBound()) {
      throw new IllegalStateException(
          "this thread already works with a connection; pass its transaction or handle on");
    }
  }

  private static void runAfterwards(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("an action after a transaction failed: {}", e.getClass().getName());
    }
  }

  private static Jdbi jdbi(DataSource source) {
    Jdbi jdbi = Jdbi.create(source);
    // A flight recording shows which statements ran, and nothing of whom they were about.
    jdbi.getConfig(SqlStatements.class).setJfrParamMaxLength(NO_PARAMETERS);
    jdbi.registerArrayType(UUID.class, "uuid");
    jdbi.registerArrayType(byte[].class, "bytea");
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(Short.class, "int2");
    jdbi.registerArrayType(short.class, "int2");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(int.class, "int4");
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(long.class, "int8");
    return jdbi;
  }

  private record Done<T extends @Nullable Object>(Transaction transaction, T result) {}

  private static final class Contention extends Exception {
    private final transient RuntimeException meaning;

    Contention(RuntimeException meaning) {
      super(null, null, false, false);
      this.meaning = meaning;
    }
  }
}
