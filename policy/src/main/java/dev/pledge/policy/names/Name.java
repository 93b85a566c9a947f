package dev.pledge.policy.names;

/**
 * The form of names: lower-case ASCII words joined by hyphens, at most {@value #MAX_LENGTH}
 * characters, so that two names that look alike are alike.
 */
final class Name {
  static final int MAX_LENGTH = 64;

  private Name() {}

  static void requireSimple(String value, String kind) {
    if (!isSimple(value)) {
      throw malformed(
          kind, "lower-case letters, digits and single hyphens, starting with a letter");
    }
  }

  static void requireActor(String value, String kind) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw malformed(kind, "1 to 64 characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!(isLower(c) || isDigit(c) || (i > 0 && (c == '-' || c == '.' || c == '_')))) {
        throw malformed(kind, "lower-case letters, digits, `-`, `.` and `_`");
      }
    }
  }

  static void requireClause(String value, String kind) {
    if (value.isEmpty() || value.length() > 16) {
      throw malformed(kind, "numerals joined by dots, such as `II.I.5`");
    }
    boolean start = true;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || isDigit(c);
      if (!letter && (c != '.' || start)) {
        throw malformed(kind, "numerals joined by dots, such as `II.I.5`");
      }
      start = c == '.';
    }
    if (start) {
      throw malformed(kind, "numerals joined by dots, such as `II.I.5`");
    }
  }

  static boolean isSimple(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH || !isLower(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean hyphen = c == '-' && value.charAt(i - 1) != '-' && i < value.length() - 1;
      if (!isLower(c) && !isDigit(c) && !hyphen) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  // INVARIANT: the offending text is not repeated; a caller may have put a personal value there.
  private static IllegalArgumentException malformed(String kind, String form) {
    return new IllegalArgumentException("malformed " + kind + " name; use " + form);
  }
}
