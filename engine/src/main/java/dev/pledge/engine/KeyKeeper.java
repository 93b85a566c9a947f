package dev.pledge.engine;

import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a root key that lies elsewhere again and again, since what it unwrapped may be used for no
 * longer than a minute after it answered. When that has passed, keys are wiped; when it answers
 * once more, they are unwrapped anew, which is entered in the log first. What is in the way is on
 * the server's log, once for as long as it stays.
 *
 * <p>Asking and wiping are on threads of their own: nobody's read waits for the one, and the other
 * does not wait for an answer that is slow.
 */
final class KeyKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyKeeper.class);
  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final long LOOK_SECONDS = 1;

  private final String root;
  private final KeyStore store;
  private final Consumer<IntakeSeal> unwrapped;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService asking = thread("pledge-root-key");
  private final ScheduledExecutorService wiping = thread("pledge-key-lease");

  /** Of the thread that asks. */
  private long due;

  private volatile Optional<String> failure = Optional.empty();

  /** Guarded by this. */
  private boolean wiped;

  /**
   * @param root the name of the root key
   * @param unwrapped enters in the log that keys were unwrapped anew
   */
  KeyKeeper(String root, KeyStore store, Consumer<IntakeSeal> unwrapped, LongSupplier nanoTime) {
    this.root = root;
    this.store = store;
    this.unwrapped = unwrapped;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong() + EVERY.toNanos();
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  void start() {
    // What goes wrong is logged there; the futures have nothing to add.
    var _ =
        asking.scheduleWithFixedDelay(this::askIfDue, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    var _ = wiping.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** Wipes keys that may be used no longer. */
  synchronized void look() {
    if (store.isUsable()) {
      wiped = false;
    } else if (!wiped) {
      store.lock();
      wiped = true;
      LOG.error(
          "the keys are locked, and whatever needs them is refused, until the root key `{}`"
              + " answers: {}",
          root,
          failure.orElse("it has not answered for a minute"));
    }
  }

  /** Asks the root key if it is time to; one thread at a time. */
  void askIfDue() {
    if (nanoTime.getAsLong() - due >= 0) {
      boolean answered = ask();
      due = nanoTime.getAsLong() + (answered ? EVERY : AFTER_FAILURE).toNanos();
    }
  }

  private boolean ask() {
    try {
      if (!store.isUsable() || !store.renew()) {
        look();
        store.unlock(unwrapped);
        look();
        LOG.info("the root key `{}` answers again; keys were unwrapped anew", root);
      }
      tell(Optional.empty());
      return true;
    } catch (KeyStoreRefusedException e) {
      tell(Optional.of(said(e)));
      LOG.error("the root key `{}`: {}", root, said(e));
    } catch (RuntimeException | Error e) {
      // An error too: whatever is thrown out of here ends the asking, and nobody would be told.
      tell(Optional.of(said(e)));
    }
    look();
    return false;
  }

  private static String said(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private void tell(Optional<String> now) {
    if (!now.equals(failure)) {
      failure = now;
      now.ifPresent(what -> LOG.warn("the root key `{}` could not be asked again: {}", root, what));
    }
  }

  /** Why keys may not be used now; empty if they may. */
  Optional<String> trouble() {
    return store.isUsable()
        ? Optional.empty()
        : Optional.of(
            "the keys are locked until the root key `"
                + root
                + "` answers: "
                + failure.orElse("it has not answered for a minute"));
  }

  /** Gives up what is being asked. */
  @Override
  public void close() {
    wiping.shutdownNow();
    asking.shutdownNow();
    try {
      if (!asking.awaitTermination(CLOSING.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the root key `{}` is still being asked", root);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
