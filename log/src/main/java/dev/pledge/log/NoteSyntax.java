package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * The forms that C2SP signed-note gives to key names, to text and to base64.
 *
 * <p>INVARIANT: no message repeats the offending text.
 */
final class NoteSyntax {
  private static final int NEXT_LINE = 0x85;

  private NoteSyntax() {}

  /** Unicode text without control characters other than newline. */
  static boolean isText(String text) {
    return text.chars().allMatch(c -> c >= ' ' || c == '\n') && UTF_8.newEncoder().canEncode(text);
  }

  /** One line, not empty. */
  static boolean isLine(String text) {
    return !text.isEmpty() && text.indexOf('\n') < 0 && isText(text);
  }

  /** One line, not empty, without plus and whatever Unicode calls a space. */
  static void requireName(String name) {
    if (!isLine(name) || name.codePoints().anyMatch(c -> c == '+' || isSpace(c))) {
      throw new IllegalArgumentException(
          "malformed key name; give Unicode text without spaces, plus signs and control characters, such as `example.com/log`");
    }
  }

  private static boolean isSpace(int c) {
    return c == NEXT_LINE || Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  /** Reads standard base64 with its padding, and without stray bits (RFC 4648 §3.5 and §4). */
  static byte[] base64(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!base64(bytes).equals(text)) {
      throw new IllegalArgumentException("malformed base64; use the standard alphabet and padding");
    }
    return bytes;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
