package dev.pledge.engine.gate;

import dev.pledge.engine.store.CursorText;
import dev.pledge.engine.vault.Vault.SetAside;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Where the next page of what a hold has set aside begins. Its text is opaque. */
record HeldCursor(Instant collected, UUID item) {
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** Before all. */
  static final HeldCursor FIRST = new HeldCursor(Instant.EPOCH, new UUID(0, 0));

  /** After the given value. */
  static HeldCursor after(SetAside last) {
    return new HeldCursor(last.value().collectedAt(), last.item());
  }

  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static HeldCursor of(String text) {
    long[] numbers = CursorText.numbers(text, 3);
    Instant collected = Instant.EPOCH.plus(numbers[0], ChronoUnit.MICROS);
    if (collected.isBefore(Instant.EPOCH) || collected.isAfter(LATEST)) {
      throw CursorText.malformed();
    }
    return new HeldCursor(collected, new UUID(numbers[1], numbers[2]));
  }

  @Override
  public String toString() {
    return CursorText.of(
        ChronoUnit.MICROS.between(Instant.EPOCH, collected),
        item.getMostSignificantBits(),
        item.getLeastSignificantBits());
  }
}
