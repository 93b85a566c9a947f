package dev.pledge.engine.request;

import dev.pledge.engine.store.CursorText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Where the next page of the queue begins. Its text is opaque. */
public record RequestCursor(Instant due, UUID request) {
  /** As due as what nothing is owed of. */
  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static RequestCursor of(String text) {
    long[] numbers = CursorText.numbers(text, 3);
    Instant due = Instant.EPOCH.plus(numbers[0], ChronoUnit.MICROS);
    if (due.isBefore(Instant.EPOCH) || due.isAfter(NEVER)) {
      throw CursorText.malformed();
    }
    return new RequestCursor(due, new UUID(numbers[1], numbers[2]));
  }

  @Override
  public String toString() {
    return CursorText.of(
        ChronoUnit.MICROS.between(Instant.EPOCH, due),
        request.getMostSignificantBits(),
        request.getLeastSignificantBits());
  }
}
