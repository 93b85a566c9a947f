package dev.pledge.engine.value;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * How strings from outside become strings we keep: bounded, sound Unicode, in NFC, without what
 * cannot be seen.
 */
final class Text {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Text() {}

  /**
   * One line of text: at most {@code max} code points, outer space gone, inner space single.
   * Joiners stay, since Persian and Indic writing needs them.
   */
  static String line(@Nullable Object json, int max) throws Unfit {
    String text = sound(json, max);
    StringBuilder line = new StringBuilder(text.length());
    for (int cp : text.codePoints().toArray()) {
      if (isControl(cp) || (isFormat(cp) && !isJoiner(cp))) {
        throw new Unfit(Complaint.INVISIBLE);
      }
      line.appendCodePoint(Character.isSpaceChar(cp) ? ' ' : cp);
    }
    return filled(line.toString().replaceAll(" {2,}", " ").strip(), max);
  }

  /** Free text: as {@link #line}, but line feeds, direction marks and inner space stay. */
  static String prose(@Nullable Object json, int max) throws Unfit {
    String text = sound(json, max).replace("\r\n", "\n");
    if (text.codePoints().anyMatch(cp -> cp != '\n' && isControl(cp))) {
      throw new Unfit(Complaint.INVISIBLE);
    }
    return filled(text.strip(), max);
  }

  /** A machine-made word of at most {@code max} characters; its reader checks its form. */
  static String code(@Nullable Object json, int max) throws Unfit {
    String text = sound(json, max).strip();
    if (text.isEmpty()) {
      throw new Unfit(Complaint.MISSING);
    }
    if (text.length() > max) {
      throw new Unfit(Complaint.TOO_LONG);
    }
    return text;
  }

  /** Without unpaired surrogates and noncharacters. */
  static boolean isSound(String text) {
    return text.codePoints().allMatch(Text::isCharacter);
  }

  static boolean isJoiner(int cp) {
    return cp == ZERO_WIDTH_NON_JOINER || cp == ZERO_WIDTH_JOINER;
  }

  /** Letters that print as nothing: the fillers of Hangul. */
  static boolean isFiller(int cp) {
    return cp == 0x115F || cp == 0x1160 || cp == 0x3164 || cp == 0xFFA0;
  }

  static boolean isMark(int cp) {
    int type = Character.getType(cp);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static String sound(@Nullable Object json, int max) throws Unfit {
    if (json == null) {
      throw new Unfit(Complaint.MISSING);
    }
    if (!(json instanceof String text)) {
      throw new Unfit(Complaint.NOT_TEXT);
    }
    // Composing shortens, so that the exact bound is checked later; this one keeps the work small.
    if (text.length() > 4 * max) {
      throw new Unfit(Complaint.TOO_LONG);
    }
    if (!isSound(text)) {
      throw new Unfit(Complaint.BROKEN_TEXT);
    }
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  // INVARIANT: no text consists of asterisks alone. The sign for a hidden value does, so that it
  // neither equals nor contains any value, and a masked answer is never stored as a value.
  private static String filled(String text, int max) throws Unfit {
    if (text.codePoints().noneMatch(Text::isVisible)) {
      throw new Unfit(Complaint.MISSING);
    }
    if (text.codePointCount(0, text.length()) > max) {
      throw new Unfit(Complaint.TOO_LONG);
    }
    if (isStars(text)) {
      throw new Unfit(Complaint.MASKED);
    }
    return text;
  }

  static boolean isStars(String text) {
    return text.chars().allMatch(c -> c == '*');
  }

  private static boolean isCharacter(int cp) {
    boolean surrogate = cp >= Character.MIN_SURROGATE && cp <= Character.MAX_SURROGATE;
    boolean reserved = (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF);
    return !surrogate && !reserved;
  }

  private static boolean isControl(int cp) {
    int type = Character.getType(cp);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isFormat(int cp) {
    return Character.getType(cp) == Character.FORMAT;
  }

  private static boolean isVisible(int cp) {
    return !Character.isWhitespace(cp)
        && !Character.isSpaceChar(cp)
        && !isFormat(cp)
        && !isMark(cp)
        && !isFiller(cp);
  }
}
