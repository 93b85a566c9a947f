package dev.pledge.engine.gate;

import java.nio.ByteBuffer;
import java.util.Base64;

/** The place before which a search goes on. Its text is opaque. */
record SearchCursor(long before) {

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static SearchCursor of(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (bytes.length != Long.BYTES) {
      throw malformed();
    }
    SearchCursor cursor = new SearchCursor(ByteBuffer.wrap(bytes).getLong());
    if (cursor.before < 0 || !cursor.toString().equals(text)) {
      throw malformed();
    }
    return cursor;
  }

  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(before).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
