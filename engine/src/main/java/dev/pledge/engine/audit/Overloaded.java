package dev.pledge.engine.audit;

/**
 * The log could not take the entry in time: more is waiting than may wait, or the log is closing.
 *
 * <p>Give no data. The entry may have been written nevertheless, which errs on the safe side; the
 * request may be tried again later.
 */
public final class Overloaded extends RuntimeException {
  /** With what took too long. */
  public Overloaded(String message) {
    super(message);
  }
}
