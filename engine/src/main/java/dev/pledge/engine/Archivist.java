package dev.pledge.engine;

import dev.pledge.engine.audit.Archiving;
import dev.pledge.engine.audit.LogBroken;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the entries of logs grow old. When it cannot, that is on the server's log, and it is tried
 * again the next time: what is not archived is read from where it is.
 */
final class Archivist implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Archivist.class);

  private final List<Archiving> logs;
  private volatile boolean closing;

  /** Of these logs, one after the other. */
  Archivist(List<Archiving> logs) {
    this.logs = List.copyOf(logs);
  }

  @Override
  public void run() {
    logs.forEach(this::run);
  }

  private void run(Archiving archiving) {
    try {
      archiving.archive(() -> !closing);
      archiving.prune();
    } catch (LogBroken | IllegalStateException e) {
      LOG.error("old entries of the log are not archived: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("could not archive now, it is tried again: {}", e.getClass().getSimpleName());
    }
  }

  /** Ends after the tile that is at work. */
  @Override
  public void close() {
    closing = true;
  }
}
