package dev.pledge.engine.oversight;

import dev.pledge.engine.store.CursorText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Where the next page of reviews begins. Its text is opaque. */
public record ReviewCursor(Instant due, UUID review) {
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** After the given review. */
  static ReviewCursor after(Review last) {
    return new ReviewCursor(last.due(), last.id());
  }

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static ReviewCursor of(String text) {
    long[] numbers = CursorText.numbers(text, 3);
    Instant due = Instant.EPOCH.plus(numbers[0], ChronoUnit.MICROS);
    if (due.isBefore(Instant.EPOCH) || due.isAfter(LATEST)) {
      throw CursorText.malformed();
    }
    return new ReviewCursor(due, new UUID(numbers[1], numbers[2]));
  }

  @Override
  public String toString() {
    return CursorText.of(
        ChronoUnit.MICROS.between(Instant.EPOCH, due),
        review.getMostSignificantBits(),
        review.getLeastSignificantBits());
  }
}
