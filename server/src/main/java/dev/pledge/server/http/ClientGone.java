package dev.pledge.server.http;

/** The connection broke under a call: nobody is left to answer. Carries no stack of its own. */
@SuppressWarnings("serial") // never leaves this process
final class ClientGone extends RuntimeException {
  /** What such a call counts as in the metrics; never sent. */
  static final int STATUS = 499;

  ClientGone(Exception cause) {
    super("the client went away", cause, false, false);
  }
}
