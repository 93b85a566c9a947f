package dev.pledge.server.demo;

/** The demonstration cannot be given as things are; the message says why and what to do. */
public final class DemoRefused extends RuntimeException {
  DemoRefused(String message) {
    super(message);
  }
}
