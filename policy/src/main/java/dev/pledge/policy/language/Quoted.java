package dev.pledge.policy.language;

import dev.pledge.policy.names.FieldId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Text of an author, made fit to be quoted in a message: short, and with nothing invisible. */
final class Quoted {
  private static final int LONGEST = 64;
  private static final int MOST_FIELDS = 8;

  private Quoted() {}

  /** In backticks. */
  static String of(String text) {
    return "`" + excerpt(text) + "`";
  }

  /** Fields, the first of them by name. */
  static String fields(List<FieldId> fields) {
    List<String> named =
        fields.stream().limit(MOST_FIELDS).map(field -> "`" + field + "`").toList();
    String more = fields.size() > MOST_FIELDS ? " and more" : "";
    return (fields.size() == 1 ? "field " : "fields ") + String.join(", ", named) + more;
  }

  static String excerpt(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(point -> out.append(visible(point)));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      out.append('…');
    }
    return out.toString();
  }

  static String visible(String text) {
    return text.codePoints().mapToObj(Quoted::visible).collect(Collectors.joining());
  }

  static String visible(int point) {
    return point == '\t' || !isForbidden(point)
        ? Character.toString(point)
        : String.format(Locale.ROOT, "\\u{%X}", point);
  }

  /**
   * Whether a character has no place in a policy's files: control characters, line separators other
   * than the usual ones, fillers, and marks that reorder or hide text. The joiners and variation
   * selectors that some scripts and emojis are written with have one.
   */
  static boolean isForbidden(int point) {
    return Character.isISOControl(point)
        || (point >= 0x200E && point <= 0x200F)
        || (point >= 0x2028 && point <= 0x202E)
        || (point >= 0x2060 && point <= 0x206F)
        || point == 0x00AD
        || point == 0x034F
        || point == 0x061C
        || (point >= 0x115F && point <= 0x1160)
        || (point >= 0x17B4 && point <= 0x17B5)
        || (point >= 0x180B && point <= 0x180F)
        || point == 0x200B
        || point == 0x3164
        || point == 0xFFA0
        || (point >= 0xFFF0 && point <= 0xFFFB)
        || (point >= 0x1D173 && point <= 0x1D17A)
        || point == 0xFEFF
        || (point & 0xFFFE) == 0xFFFE
        || (point >= 0xD800 && point <= 0xDFFF)
        || (point >= 0xE0000 && point <= 0xE0FFF);
  }
}
