package dev.pledge.server;

/** A command cannot be done as things are; the message says why and what to do. */
final class CommandRefused extends RuntimeException {
  CommandRefused(String message) {
    super(message);
  }
}
