package dev.pledge.engine.gate;

/** What came of looking for a person's e-mail address. */
public sealed interface Addressed {
  /**
   * It may be used.
   *
   * @param value as the person gave it
   */
  record Address(String value) implements Addressed {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /**
   * There is none, or it may not be used.
   *
   * @param why in a word: that of the policy's reason, or {@code unknown-person}, {@code
   *     no-address} or {@code masked}
   */
  record None(String why) implements Addressed {}
}
