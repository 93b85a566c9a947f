package dev.pledge.engine.watch;

import dev.pledge.engine.store.CursorText;
import java.util.UUID;

/**
 * Where the next page of alarms begins. Its text is opaque.
 *
 * @param done whether the page before ended among those acknowledged
 */
record AlarmCursor(boolean done, UUID before) {
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
    long[] numbers = CursorText.numbers(text, 3);
    if (numbers[0] != 0 && numbers[0] != 1) {
      throw CursorText.malformed();
    }
    return new AlarmCursor(numbers[0] == 1, new UUID(numbers[1], numbers[2]));
  }

  @Override
  public String toString() {
    return CursorText.of(
        done ? 1 : 0, before.getMostSignificantBits(), before.getLeastSignificantBits());
  }
}
