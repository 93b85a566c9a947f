package dev.pledge.engine;

import dev.pledge.engine.watch.Watch;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the watch catch up. When it cannot, that is on the server's log, once for as long as it
 * stays; whoever lists alarms is told how far it has come. Nobody's read waits for it.
 */
final class Watchman implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchman.class);

  private final Watch watch;
  private Optional<String> trouble = Optional.empty();

  Watchman(Watch watch) {
    this.watch = watch;
  }

  @Override
  public void run() {
    try {
      watch.catchUp();
      tell(Optional.empty());
    } catch (IllegalStateException e) {
      tell(Optional.of(String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error e) {
      // An error too: whatever is thrown out of here ends the watch, and nobody would be told.
      tell(Optional.of(e.getClass().getSimpleName()));
    }
  }

  private void tell(Optional<String> now) {
    if (!now.equals(trouble)) {
      trouble = now;
      now.ifPresentOrElse(
          what -> LOG.error("the log is not watched, no alarm will be raised: {}", what),
          () -> LOG.info("the log is watched again"));
    }
  }
}
