package dev.pledge.engine.message;

import dev.pledge.engine.store.CursorText;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.UUID;

/** Where the next page of messages begins. Its text is opaque. */
record MessageCursor(LocalDate day, UUID id) {
  private static final int LAST_YEAR = 9999;

  /** Before all. */
  static final MessageCursor FIRST = new MessageCursor(LocalDate.EPOCH, new UUID(0, 0));

  /** After the given message. */
  static MessageCursor after(Listed last) {
    return new MessageCursor(last.day(), last.id());
  }

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static MessageCursor of(String text) {
    long[] numbers = CursorText.numbers(text, 3);
    try {
      LocalDate day = LocalDate.ofEpochDay(numbers[0]);
      if (day.isBefore(LocalDate.EPOCH) || day.getYear() > LAST_YEAR) {
        throw CursorText.malformed();
      }
      return new MessageCursor(day, new UUID(numbers[1], numbers[2]));
    } catch (DateTimeException e) {
      throw CursorText.malformed();
    }
  }

  @Override
  public String toString() {
    return CursorText.of(
        day.toEpochDay(), id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
