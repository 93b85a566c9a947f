package dev.pledge.log;

/** A well-formed note that no key has signed of which it was expected. */
public final class UnverifiedNote extends RuntimeException {
  UnverifiedNote(String message) {
    super(message);
  }
}
