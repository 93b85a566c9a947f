package dev.pledge.engine.message;

/** What came of sending a message. */
public sealed interface Sent {
  /** The mail server took it. */
  record Delivered() implements Sent {}

  /**
   * It was not taken, and may be another time.
   *
   * @param why in a word
   */
  record NotYet(String why) implements Sent {}

  /**
   * It never will be.
   *
   * @param why in a word
   */
  record Never(String why) implements Sent {}
}
