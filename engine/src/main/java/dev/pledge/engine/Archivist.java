package dev.pledge.engine;

import dev.pledge.engine.audit.Archiving;
import dev.pledge.engine.audit.LogBroken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a log's entries grow old. When it cannot, that is on the server's log, and it is tried again
 * the next time: what is not archived is read from where it is.
 */
final class Archivist implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Archivist.class);

  private final Archiving archiving;
  private volatile boolean closing;

  Archivist(Archiving archiving) {
    this.archiving = archiving;
  }

  @Override
  public void run() {
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
