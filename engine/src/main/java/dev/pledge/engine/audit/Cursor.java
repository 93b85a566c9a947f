package dev.pledge.engine.audit;

import dev.pledge.engine.store.CursorText;

/**
 * Where the next page of a history begins. Its text is opaque; it works for the person it was made
 * for and shows nothing to anybody else, since the person is named anew with every page.
 */
public record Cursor(long before) {
  /**
   * Reads the text of a cursor.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static Cursor of(String text) {
    return new Cursor(CursorText.number(text));
  }

  @Override
  public String toString() {
    return CursorText.of(before);
  }
}
