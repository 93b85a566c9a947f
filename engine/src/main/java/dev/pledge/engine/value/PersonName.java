package dev.pledge.engine.value;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person's name in any script: what people are called, nothing about how names are built. Numbers
 * begin a word and have one or two digits, as in {@code John Davis, 3rd}; longer ones are no part
 * of names, and may be somebody's phone.
 */
final class PersonName {
  private static final int MAX_LENGTH = 100;
  private static final String QUOTES = "'\u2018\u2019\u05F3\u05F4";
  private static final String BETWEEN = " ,.-\u2010\u2011\u00B7\u2027\u30FB";
  private static final Pattern ONE_GRAPHEME = Pattern.compile("\\X");

  private PersonName() {}

  static String read(@Nullable Object json) throws Unfit {
    String name = Text.line(json, MAX_LENGTH);
    int[] letters = name.codePoints().toArray();
    for (int i = 0; i < letters.length; i++) {
      if (!fits(letters, i)) {
        throw new Unfit(Complaint.NAME);
      }
    }
    boolean begins = isLetter(letters[0]) || isOneOf(QUOTES, letters[0]);
    if (!begins || !isMaskable(name)) {
      throw new Unfit(Complaint.NAME);
    }
    return name;
  }

  /** The first letter, without marks, unless the name has no other. */
  static String masked(String name) {
    if (isOneGrapheme(name)
        || name.codePoints().filter(PersonName::isLetter).limit(2).count() < 2) {
      return Masks.HIDDEN;
    }
    int first = name.codePoints().filter(PersonName::isLetter).findFirst().orElseThrow();
    return Character.toString(first) + Masks.HIDDEN;
  }

  /** Whether there is a letter to show, and nothing that a mask would hide among. */
  static boolean isMaskable(String text) {
    return text.indexOf('*') < 0 && text.codePoints().anyMatch(PersonName::isLetter);
  }

  /** Whether people take {@code text} for one character, however many code points it has. */
  static boolean isOneGrapheme(String text) {
    return ONE_GRAPHEME.matcher(text).matches();
  }

  private static boolean fits(int[] name, int i) {
    int cp = name[i];
    if (Text.isJoiner(cp)) {
      return i > 0 && i < name.length - 1 && isWritten(name[i - 1]) && isWritten(name[i + 1]);
    }
    if (Text.isMark(cp)) {
      return i > 0 && (isWritten(name[i - 1]) || Text.isJoiner(name[i - 1]));
    }
    if (Character.isDigit(cp)) {
      return i > 1 && (isOneOf(BETWEEN, name[i - 1]) || isSecondDigit(name, i));
    }
    return isLetter(cp) || isOneOf(QUOTES, cp) || isOneOf(BETWEEN, cp);
  }

  private static boolean isSecondDigit(int[] name, int i) {
    return Character.isDigit(name[i - 1]) && !Character.isDigit(name[i - 2]);
  }

  private static boolean isWritten(int cp) {
    return isLetter(cp) || Text.isMark(cp);
  }

  /** Letter numbers too: the Han zero 〇 is one, and part of names. */
  private static boolean isLetter(int cp) {
    return (Character.isLetter(cp) || Character.getType(cp) == Character.LETTER_NUMBER)
        && !Text.isFiller(cp);
  }

  private static boolean isOneOf(String characters, int cp) {
    return characters.indexOf(cp) >= 0;
  }
}
