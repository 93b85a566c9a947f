package dev.pledge.server.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged while this is open, at a level or above it. Safe for all threads. */
final class LogLines extends Handler implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final String logger;

  private LogLines(String logger) {
    this.logger = logger;
  }

  /** Of loggers whose name begins with {@code logger}. */
  static LogLines of(String logger, Level level) {
    LogLines lines = new LogLines(logger);
    lines.setLevel(level);
    ROOT.addHandler(lines);
    return lines;
  }

  List<String> said() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord record) {
    if (isLoggable(record) && record.getLoggerName().startsWith(logger)) {
      lines.add(record.getMessage());
    }
  }

  @Override
  public void flush() {
    // nothing is held back
  }

  @Override
  public void close() {
    ROOT.removeHandler(this);
  }
}
