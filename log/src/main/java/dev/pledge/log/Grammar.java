package dev.pledge.log;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The forms text may have in an entry. They are the forms of the names a policy declares. No e-mail
 * address and no sentence fits any of them; a telephone number fits neither a name, a field nor a
 * clause, but might be an actor's id or a policy's version, which those who run the system choose.
 *
 * <p>INVARIANT: no message repeats the offending text, which may be a personal value.
 */
final class Grammar {
  static final int MAX_NAME = 64;
  static final int MAX_FIELD = 2 * MAX_NAME + 1;
  static final int MAX_CLAUSE = 16;
  static final int MAX_VERSION = 32;
  static final int MAX_POLICY = MAX_NAME + 1 + MAX_VERSION;
  static final int MAX_SET = 32;

  /** At most four parts, each a Roman numeral, or a number of at most two digits. */
  private static final Pattern CLAUSE =
      Pattern.compile("([IVXLCDM]+|[0-9]{1,2})(\\.([IVXLCDM]+|[0-9]{1,2})){0,3}");

  private Grammar() {}

  /** Lower-case words of letters and digits, joined by single hyphens, a letter first. */
  static void requireName(String text, String what) {
    require(isName(text), what, "lower-case letters, digits and single hyphens, a letter first");
  }

  static void requireName(Optional<String> text, String what) {
    text.ifPresent(name -> requireName(name, what));
  }

  /** {@code category.field}. */
  static void requireField(String text, String what) {
    int dot = text.indexOf('.');
    boolean well = dot > 0 && isName(text.substring(0, dot)) && isName(text.substring(dot + 1));
    require(well, what, "`category.field`");
  }

  /** Lower-case letters, digits, and after the first character also {@code - . _}. */
  static void requireActor(String text, String what) {
    boolean well = !text.isEmpty() && text.length() <= MAX_NAME && isLowerOrDigit(text.charAt(0));
    for (int i = 1; well && i < text.length(); i++) {
      char c = text.charAt(i);
      well = isLowerOrDigit(c) || c == '-' || c == '.' || c == '_';
    }
    require(well, what, "lower-case letters, digits, `-`, `.` and `_`");
  }

  static void requireActor(Optional<String> text, String what) {
    text.ifPresent(actor -> requireActor(actor, what));
  }

  /** Numerals joined by dots, such as {@code II.I.5}. */
  static void requireClause(Optional<String> text, String what) {
    text.ifPresent(clause -> require(isClause(clause), what, "numerals joined by dots"));
  }

  /** {@code policy@version}. */
  static void requirePolicy(Optional<String> text, String what) {
    text.ifPresent(policy -> require(isPolicy(policy), what, "`policy@version`"));
  }

  /** The names sorted, each once. */
  static Set<String> names(Collection<String> names, String what) {
    names.forEach(name -> requireName(name, what));
    if (names.size() > MAX_SET) {
      throw new IllegalArgumentException("too many " + what + " names; give at most " + MAX_SET);
    }
    return Collections.unmodifiableSet(new TreeSet<>(names));
  }

  private static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME || !isLower(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean joining = c == '-' && text.charAt(i - 1) != '-' && i < text.length() - 1;
      if (!isLowerOrDigit(c) && !joining) {
        return false;
      }
    }
    return true;
  }

  private static boolean isClause(String text) {
    return text.length() <= MAX_CLAUSE && CLAUSE.matcher(text).matches();
  }

  private static boolean isPolicy(String text) {
    int at = text.indexOf('@');
    return at > 0 && isName(text.substring(0, at)) && isVersion(text.substring(at + 1));
  }

  private static boolean isVersion(String text) {
    if (text.isEmpty() || text.length() > MAX_VERSION || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isLetterOrDigit(c) || c == '.' || c == '-');
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isLowerOrDigit(int c) {
    return isLower(c) || (c >= '0' && c <= '9');
  }

  private static boolean isUpperOrDigit(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isLetterOrDigit(int c) {
    return isLowerOrDigit(c) || isUpperOrDigit(c);
  }

  private static void require(boolean well, String what, String form) {
    if (!well) {
      throw new IllegalArgumentException("malformed " + what + "; use " + form);
    }
  }
}
