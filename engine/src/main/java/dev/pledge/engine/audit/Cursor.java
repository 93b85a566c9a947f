package dev.pledge.engine.audit;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Where the next page of a history begins. Its text is opaque; it works for the person it was made
 * for and shows nothing to anybody else, since the person is named anew with every page.
 */
public record Cursor(long before) {
  private static final int SIZE = Long.BYTES;

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
    Cursor cursor = new Cursor(ByteBuffer.wrap(bytes).getLong());
    if (!cursor.toString().equals(text)) {
      throw malformed();
    }
    return cursor;
  }

  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(SIZE).putLong(before).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
