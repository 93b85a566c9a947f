package dev.pledge.server;

import java.io.PrintStream;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * The log: one JSON object a line, on standard error. Holds no personal data: of a failure it says
 * where, by class and line, and leaves out what exceptions say, which may repeat input; of other
 * people's libraries it says that they had something to say.
 */
final class JsonLog extends Formatter {
  private static final String OURS = "dev.pledge";
  private static final int MOST_FRAMES = 12;
  private static final int MOST_CAUSES = 5;

  /** Held, so that its level is not forgotten. */
  private static final Logger ROOT_OF_OURS = Logger.getLogger(OURS);

  /** Sends all that is logged here. */
  static void install() {
    LogManager.getLogManager().reset();
    Handler handler = new StandardError(System.err);
    handler.setFormatter(new JsonLog());
    handler.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(handler);
    Logger.getLogger("").setLevel(Level.WARNING);
    ROOT_OF_OURS.setLevel(Level.INFO);
  }

  static void failed(Throwable failure) {
    ROOT_OF_OURS.log(Level.SEVERE, "a command failed", failure);
  }

  private static final class StandardError extends StreamHandler {
    StandardError(PrintStream out) {
      setOutputStream(out);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
      super.publish(entry);
      flush();
    }

    // Standard error is not ours to close.
    @Override
    public synchronized void close() {
      flush();
    }
  }

  @Override
  public String format(LogRecord entry) {
    StringBuilder json = new StringBuilder(256);
    String logger = entry.getLoggerName() == null ? "" : entry.getLoggerName();
    json.append("{\"at\":\"").append(entry.getInstant()).append("\",\"level\":\"");
    json.append(entry.getLevel().getName()).append("\",\"logger\":");
    quote(json, logger);
    if (logger.startsWith(OURS)) {
      json.append(",\"message\":");
      quote(json, formatMessage(entry));
    }
    if (entry.getThrown() != null) {
      json.append(",\"failure\":[");
      failure(json, entry.getThrown());
      json.append(']');
    }
    return json.append("}\n").toString();
  }

  private static void failure(StringBuilder json, Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      json.append(i == 0 ? "" : ",").append("{\"class\":");
      quote(json, cause.getClass().getName());
      // What we say ourselves never holds a personal value.
      if (isOurs(cause) && cause.getMessage() != null) {
        json.append(",\"message\":");
        quote(json, cause.getMessage());
      }
      json.append(",\"where\":[");
      StackTraceElement[] frames = cause.getStackTrace();
      for (int f = 0; f < Math.min(frames.length, MOST_FRAMES); f++) {
        json.append(f == 0 ? "" : ",");
        quote(json, frames[f].toString());
      }
      json.append("]}");
      cause = cause.getCause();
    }
  }

  private static boolean isOurs(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    return thrown.getClass().getName().startsWith(OURS)
        || (frames.length > 0 && frames[0].getClassName().startsWith(OURS));
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
