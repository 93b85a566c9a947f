package dev.pledge.engine.audit;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * Where the next page of a history begins. Its text is opaque; it works for the person it was made
 * for and shows nothing to anybody else, since the person is named anew with every page.
 */
public record Cursor(UUID before) {
  private static final int SIZE = 16;

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static Cursor of(String text) {
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
    Cursor cursor = new Cursor(new UUID(buffer.getLong(), buffer.getLong()));
    if (!cursor.toString().equals(text)) {
      throw malformed();
    }
    return cursor;
  }

  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(SIZE)
            .putLong(before.getMostSignificantBits())
            .putLong(before.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
