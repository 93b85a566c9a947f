package dev.pledge.engine.rights;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * The number of a request as people say it on the phone, such as {@code R-7K3Q-92MD}: seven
 * characters drawn at random and one that checks them. One wrong character, or two exchanged, make
 * it no number. It is found, never guessed at, by staff alone, and opens nothing.
 */
public final class RequestNumber {
  /** Without 0, I, L, O and U: nobody hears or reads one for another. Prime many. */
  private static final String LETTERS = "123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int DRAWN = 7;
  private static final int HALF = 4;

  private RequestNumber() {}

  /** A number nobody has yet, most likely: one of 31⁷. */
  static String draw(SecureRandom random) {
    StringBuilder number = new StringBuilder();
    for (int i = 0; i < DRAWN; i++) {
      number.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return written(number.append(check(number)).toString());
  }

  /** The number as it is kept, however it is written; empty if it is none. */
  public static Optional<String> read(String text) {
    String bare = text.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "").replaceFirst("^R", "");
    // A number may itself begin with R.
    String whole = bare.length() == DRAWN ? "R" + bare : bare;
    return isNumber(whole) ? Optional.of(written(whole)) : Optional.empty();
  }

  private static boolean isNumber(String bare) {
    return bare.length() == DRAWN + 1
        && bare.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0)
        && check(bare.substring(0, DRAWN)) == bare.charAt(DRAWN);
  }

  /** The weighted sum of all eight is divisible by the prime number of letters. */
  private static char check(CharSequence drawn) {
    int sum = 0;
    for (int i = 0; i < DRAWN; i++) {
      sum += (i + 2) * LETTERS.indexOf(drawn.charAt(i));
    }
    return LETTERS.charAt(Math.floorMod(-sum, LETTERS.length()));
  }

  private static String written(String bare) {
    return "R-" + bare.substring(0, HALF) + "-" + bare.substring(HALF);
  }
}
