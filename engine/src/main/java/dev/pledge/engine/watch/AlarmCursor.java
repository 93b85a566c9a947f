package dev.pledge.engine.watch;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * Where the next page of alarms begins. Its text is opaque.
 *
 * @param done whether the page before ended among those acknowledged
 */
record AlarmCursor(boolean done, UUID before) {
  private static final int SIZE = 17;

  /** Before all. */
  static final AlarmCursor FIRST = new AlarmCursor(false, new UUID(-1, -1));

  static AlarmCursor after(Alarm last) {
    return new AlarmCursor(last.done().isPresent(), last.id());
  }

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static AlarmCursor of(String text) {
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
    AlarmCursor cursor =
        new AlarmCursor(buffer.get() == 1, new UUID(buffer.getLong(), buffer.getLong()));
    if (!cursor.toString().equals(text)) {
      throw malformed();
    }
    return cursor;
  }

  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(SIZE)
            .put((byte) (done ? 1 : 0))
            .putLong(before.getMostSignificantBits())
            .putLong(before.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
