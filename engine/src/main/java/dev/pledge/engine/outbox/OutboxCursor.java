package dev.pledge.engine.outbox;

import dev.pledge.engine.store.CursorText;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;

/** Where the next page of messages begins. Its text is opaque. */
record OutboxCursor(LocalDate day, String name) {
  private static final int NAME_LONGS = 4;

  /** Before all. */
  static final OutboxCursor FIRST = new OutboxCursor(LocalDate.EPOCH, "");

  /** After the given message. */
  static OutboxCursor after(Waiting last) {
    return new OutboxCursor(last.since(), last.name());
  }

  byte[] nameBytes() {
    return HexFormat.of().parseHex(name);
  }

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static OutboxCursor of(String text) {
    long[] numbers = CursorText.numbers(text, 1 + NAME_LONGS);
    ByteBuffer name = ByteBuffer.allocate(NAME_LONGS * Long.BYTES);
    for (int i = 1; i <= NAME_LONGS; i++) {
      name.putLong(numbers[i]);
    }
    try {
      LocalDate day = LocalDate.ofEpochDay(numbers[0]);
      if (day.isBefore(LocalDate.EPOCH) || day.getYear() > 9999) {
        throw CursorText.malformed();
      }
      return new OutboxCursor(day, HexFormat.of().formatHex(name.array()));
    } catch (DateTimeException e) {
      throw CursorText.malformed();
    }
  }

  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.wrap(nameBytes());
    return CursorText.of(
        day.toEpochDay(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
