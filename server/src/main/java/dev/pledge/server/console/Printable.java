package dev.pledge.server.console;

import java.util.Locale;
import java.util.stream.Collectors;

/** Text of others, made fit for a terminal: nothing in it commands one, is hidden or reorders. */
public final class Printable {
  private Printable() {}

  /** The text on one line, with an escape in hex for each character that is not shown as it is. */
  public static String of(String text) {
    return text.codePoints()
        .mapToObj(
            point ->
                isShown(point)
                    ? Character.toString(point)
                    : String.format(Locale.ROOT, "\\u{%X}", point))
        .collect(Collectors.joining());
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
