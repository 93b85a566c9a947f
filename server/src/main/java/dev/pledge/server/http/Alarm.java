package dev.pledge.server.http;

/**
 * Interrupts the thread that made it, once, if it rings before it is stopped. A thread that has
 * stopped its alarm is never interrupted by it, and does not stay interrupted because of it.
 */
final class Alarm {
  private final Thread sleeper = Thread.currentThread();

  // Both guarded by this.
  private boolean stopped;
  private boolean rung;

  synchronized void ring() {
    if (!stopped) {
      rung = true;
      sleeper.interrupt();
    }
  }

  /** Whether it rang; it will not any more. Called by the thread that made it. */
  synchronized boolean stop() {
    stopped = true;
    if (rung) {
      Thread.interrupted();
    }
    return rung;
  }
}
