package dev.pledge.log;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * A key that a log has signed with and signs with no more. What it signed until then counts, such
 * as the promises of receipts; whatever else bears its signature proves nothing.
 *
 * <p>Its text form is the verifier key, a space, and the time in UTC as in RFC 3339.
 *
 * @param until when it was retired
 */
public record RetiredKey(VerifierKey key, Instant until) {
  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static RetiredKey parse(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException(
          "malformed retired key; give the verifier key, a space and until when it signed");
    }
    try {
      return new RetiredKey(
          VerifierKey.parse(text.substring(0, space)), Instant.parse(text.substring(space + 1)));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "malformed time of a retired key; give UTC as in RFC 3339", e);
    }
  }

  /** The text form. */
  @Override
  public String toString() {
    return key + " " + until;
  }
}
