package dev.pledge.engine.oversight;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/** Where the next page of reviews begins. Its text is opaque. */
public record ReviewCursor(Instant due, UUID review) {
  private static final int SIZE = 24;
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
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (bytes.length != SIZE) {
      throw malformed();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Instant due = Instant.EPOCH.plus(buffer.getLong(), ChronoUnit.MICROS);
    ReviewCursor cursor = new ReviewCursor(due, new UUID(buffer.getLong(), buffer.getLong()));
    boolean sensible = !due.isBefore(Instant.EPOCH) && !due.isAfter(LATEST);
    if (!sensible || !cursor.toString().equals(text)) {
      throw malformed();
    }
    return cursor;
  }

  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(SIZE)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, due))
            .putLong(review.getMostSignificantBits())
            .putLong(review.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
