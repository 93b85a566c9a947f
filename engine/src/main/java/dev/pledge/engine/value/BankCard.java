package dev.pledge.engine.value;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A card number (ISO/IEC 7812): 12 to 19 digits, the last by Luhn's formula. */
final class BankCard {
  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{11,18}");

  private BankCard() {}

  static String read(@Nullable Object json) throws Unfit {
    String number = Text.code(json, 40).replaceAll("[ -]", "");
    if (!isNumber(number)) {
      throw new Unfit(Complaint.BANK_CARD);
    }
    if (luhnSum(number) % 10 != 0) {
      throw new Unfit(Complaint.BANK_CARD_CHECK);
    }
    return number;
  }

  static boolean isNumber(String text) {
    return DIGITS.matcher(text).matches();
  }

  /** The last four digits; how many there are does not show. */
  static String masked(String number) {
    return "**** **** **** " + number.substring(number.length() - 4);
  }

  private static int luhnSum(String number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int weighed = i % 2 == 0 ? digit : 2 * digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return sum;
  }
}
