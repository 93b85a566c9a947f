package dev.pledge.engine.store;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The text of cursors, which say where the next page of rows begins: a few numbers in base64url
 * (RFC 4648 §5), opaque to whoever is given it. Each cursor has one text.
 */
public final class CursorText {
  private CursorText() {}

  /** The text of these numbers. */
  public static String of(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * So many numbers of which this is the text.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static long[] numbers(String text, int count) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (bytes.length != count * Long.BYTES) {
      throw malformed();
    }
    long[] numbers = new long[count];
    ByteBuffer.wrap(bytes).asLongBuffer().get(numbers);
    if (!of(numbers).equals(text)) {
      throw malformed();
    }
    return numbers;
  }

  /**
   * The one number of which this is the text, which is not negative.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static long number(String text) {
    long number = numbers(text, 1)[0];
    if (number < 0) {
      throw malformed();
    }
    return number;
  }

  /** What is thrown where a text says nothing that a cursor would. */
  public static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed cursor; use the one the last page gave");
  }
}
