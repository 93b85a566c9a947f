package dev.pledge.engine.value;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Chinese resident identity number (GB 11643-1999): region, birth date, sequence, and a check
 * place by ISO 7064 MOD 11-2. The residence permits of people from Hong Kong, Macao and Taiwan have
 * it too; the older form of 15 digits is refused, and the permit of foreigners, which is numbered
 * otherwise.
 */
final class ResidentId {
  private static final Pattern FORM = Pattern.compile("[0-9]{17}[0-9X]");
  private static final String CHECKS = "10X98765432";

  /** Provinces by GB/T 2260; 83 is used on permits alone. */
  private static final Set<String> REGIONS =
      Set.of(
          "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
          "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
          "65", "71", "81", "82", "83");

  private ResidentId() {}

  static String read(@Nullable Object json, LocalDate today) throws Unfit {
    String id = Text.code(json, 18).toUpperCase(Locale.ROOT);
    if (!isNumber(id)) {
      throw new Unfit(Complaint.RESIDENT_ID);
    }
    if (!REGIONS.contains(id.substring(0, 2))) {
      throw new Unfit(Complaint.RESIDENT_ID_REGION);
    }
    if (!hasBirthDate(id, today)) {
      throw new Unfit(Complaint.RESIDENT_ID_DATE);
    }
    if (id.charAt(17) != check(id)) {
      throw new Unfit(Complaint.RESIDENT_ID_CHECK);
    }
    return id;
  }

  static boolean isNumber(String text) {
    return FORM.matcher(text).matches();
  }

  /** The province; the rest is replaced. */
  static String masked(String id) {
    return id.substring(0, 2) + "*".repeat(16);
  }

  private static boolean hasBirthDate(String id, LocalDate today) {
    try {
      return Dates.isPossible(birth(id), today);
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The birth date in a number; one that is no day throws. */
  static LocalDate birth(String id) {
    return LocalDate.of(number(id, 6, 10), number(id, 10, 12), number(id, 12, 14));
  }

  private static int number(String id, int from, int to) {
    return Integer.parseInt(id.substring(from, to));
  }

  private static char check(String id) {
    int sum = 0;
    for (int i = 0; i < 17; i++) {
      sum = (sum + id.charAt(i) - '0') * 2 % 11;
    }
    return CHECKS.charAt(sum);
  }
}
