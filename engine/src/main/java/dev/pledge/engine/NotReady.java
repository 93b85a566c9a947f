package dev.pledge.engine;

/**
 * Something Pledge cannot work without has failed; the message says whether it has to be started
 * again or what else to see to.
 */
public final class NotReady extends RuntimeException {
  NotReady(String message) {
    super(message);
  }
}
