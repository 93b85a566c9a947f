package dev.pledge.engine.gate;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of a person's choices begins. Opaque to callers; it works for the person it
 * was made for and shows nothing to anybody else, since the person is named anew with every page.
 */
final class ChoiceCursor {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,17}");

  private ChoiceCursor() {}

  static String text(long order) {
    return Long.toString(order);
  }

  /**
   * The order before which the page named by {@code cursor} begins; without one, the newest.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static long before(@Nullable String cursor) {
    if (cursor == null) {
      return Long.MAX_VALUE;
    }
    if (!FORM.matcher(cursor).matches()) {
      throw new IllegalArgumentException("malformed cursor; use the one the last page gave");
    }
    return Long.parseLong(cursor);
  }
}
