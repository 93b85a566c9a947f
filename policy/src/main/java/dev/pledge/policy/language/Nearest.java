package dev.pledge.policy.language;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the name an author probably meant: at most a third of its letters, and no more than three,
 * inserted, deleted, replaced or swapped; or the one field of that name in some category.
 */
final class Nearest {
  private static final int LONGEST = 140;

  private Nearest() {}

  static Optional<String> to(String text, Collection<String> known) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String folded = fold(text);
    Optional<String> best = Optional.empty();
    int least = Math.min(3, Math.max(1, folded.length() / 3)) + 1;
    for (String candidate : (Iterable<String>) known.stream().sorted()::iterator) {
      int distance = distance(folded, fold(candidate), least);
      if (distance < least) {
        least = distance;
        best = Optional.of(candidate);
      }
    }
    return best.isPresent() ? best : inSomeCategory(folded, known);
  }

  private static Optional<String> inSomeCategory(String text, Collection<String> known) {
    return known.stream().filter(name -> name.endsWith("." + text)).min(String::compareTo);
  }

  private static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replace('_', '-')
        .replace(' ', '-');
  }

  /**
   * Edits from one to the other, counting a swap of neighbours as one; {@code cap} when not less.
   */
  private static int distance(String a, String b, int cap) {
    if (Math.abs(a.length() - b.length()) >= cap) {
      return cap;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    Arrays.setAll(last, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        row[j] = cell(a, b, i, j, beforeLast, last, row);
        least = Math.min(least, row[j]);
      }
      if (least >= cap) {
        return cap;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return Math.min(cap, last[b.length()]);
  }

  private static int cell(
      String a, String b, int i, int j, int[] beforeLast, int[] last, int[] row) {
    int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, beforeLast[j - 2] + 1) : best;
  }
}
