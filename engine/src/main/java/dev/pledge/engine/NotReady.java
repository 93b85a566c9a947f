package dev.pledge.engine;

/** Something Pledge cannot work without has failed, and stays so until it is started again. */
public final class NotReady extends RuntimeException {
  NotReady(String message) {
    super(message);
  }
}
