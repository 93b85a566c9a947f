package dev.pledge.engine.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source over a real one whose connection breaks once, at a chosen statement or commit.
 *
 * <p>To fail at every write point once: run the work, note {@link #statements} and {@link
 * #commits}, then run it again for each number. A broken connection is closed, so the server rolls
 * back as it does when a client is lost.
 */
public final class FaultyDataSource implements DataSource {
  private final DataSource real;
  private final Fault statement = new Fault();
  private final Fault commit = new Fault();
  private volatile boolean away;
  private volatile boolean gone;

  public FaultyDataSource(DataSource real) {
    this.real = real;
  }

  /** The n-th statement from now, counted from 1, does not reach the server. */
  public void failStatement(int nth) {
    statement.arm(nth, false);
  }

  /** The n-th statement from now ends its thread, as a fault of the machine does. */
  public void endThreadAtStatement(int nth) {
    statement.arm(nth, false);
    statement.ends = true;
  }

  /** The n-th statement from now is carried out, but its answer is lost. */
  public void loseStatementReply(int nth) {
    statement.arm(nth, true);
  }

  /** The n-th commit from now does not reach the server. */
  public void failCommit(int nth) {
    commit.arm(nth, false);
  }

  /** The n-th commit from now is carried out, but its answer is lost. */
  public void loseCommitReply(int nth) {
    commit.arm(nth, true);
  }

  /** The next commit is carried out, its answer is lost, and from then on no connection is had. */
  public void loseCommitReplyAndGoAway() {
    away = true;
    commit.arm(1, true);
  }

  /** From now on no connection is had. */
  public void goAway() {
    gone = true;
  }

  /** Forgets faults and counts. */
  public void reset() {
    gone = false;
    away = false;
    statement.arm(0, false);
    commit.arm(0, false);
  }

  /** How many statements ran since the last arming or reset. */
  public int statements() {
    return statement.seen.get();
  }

  /** How many commits ran since the last arming or reset. */
  public int commits() {
    return commit.seen.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    refuseIfAway();
    return watched(real.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return watched(real.getConnection(user, password));
  }

  /** What the log does by itself, at times of its own, is counted and broken by nothing here. */
  private static boolean isTheLogsOwn() {
    return Thread.currentThread().getName().equals("pledge-sequencer");
  }

  private void refuseIfAway() throws SQLException {
    if (gone || (away && !isTheLogsOwn() && commit.seen.get() > 0)) {
      throw new SQLException("no connection, as arranged", "08001");
    }
  }

  private Connection watched(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("commit")) {
            return commit.pass(connection, () -> invoke(connection, method, arguments));
          }
          Object result = invoke(connection, method, arguments);
          return result instanceof Statement made
              ? watched(connection, made, method.getReturnType())
              : result;
        });
  }

  private Object watched(Connection connection, Statement made, Class<?> type) {
    return proxy(
        type,
        (method, arguments) ->
            method.getName().startsWith("execute")
                ? statement.pass(
                    connection,
                    () -> {
                      refuseIfAway();
                      return invoke(made, method, arguments);
                    })
                : invoke(made, method, arguments));
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultyDataSource.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.on(method, arguments)));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @FunctionalInterface
  private interface Call {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  @FunctionalInterface
  private interface Step {
    Object run() throws Throwable;
  }

  private static final class Fault {
    private final AtomicInteger seen = new AtomicInteger();
    private volatile int nth;
    private volatile boolean afterwards;
    private volatile boolean ends;

    void arm(int number, boolean replyOnly) {
      ends = false;
      afterwards = replyOnly;
      nth = number;
      seen.set(0);
    }

    Object pass(Connection connection, Step step) throws Throwable {
      if (isTheLogsOwn()) {
        return step.run();
      }
      boolean faulty = seen.incrementAndGet() == nth;
      Object result = faulty && !afterwards ? null : step.run();
      if (faulty && ends) {
        throw new LinkageError("the thread ends, as arranged");
      }
      if (faulty) {
        connection.abort(Runnable::run);
        throw new SQLException("the connection broke, as arranged", "08006");
      }
      return result;
    }
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return real.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    real.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    real.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return real.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return real.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return real.isWrapperFor(type);
  }
}
