package dev.pledge.engine.consent;

import dev.pledge.engine.value.UnusableInput;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a person's choice was expressed (II.II.6): by which act, on which wording, in which language.
 * Stored sealed under the person's key.
 *
 * @param act what the person did, such as {@code checked-box}; see {@link #affirmative}
 * @param notice the wording shown: a version or a hash of it
 * @param language BCP 47 tag of the wording
 * @param at when the person acted, by the clock of whoever recorded it
 * @param detail anything else worth keeping, in the caller's words
 */
public record Evidence(
    String act, String notice, String language, Instant at, @Nullable String detail) {
  private static final Set<String> AFFIRMATIVE =
      Set.of("checked-box", "pressed-button", "signed", "spoken", "typed", "moved-switch");

  /** The longest {@code act} and {@code notice}, in characters. */
  public static final int LONGEST = 200;

  /** The longest {@code language}, in characters. */
  public static final int LONGEST_LANGUAGE = 35;

  /** The longest {@code detail}, in characters. */
  public static final int LONGEST_DETAIL = 2_000;

  public Evidence {
    requireShort(act, "act", LONGEST);
    requireShort(notice, "notice", LONGEST);
    requireShort(language, "language", LONGEST_LANGUAGE);
    requireOneLine(act, "act");
    requireOneLine(notice, "notice");
    requireOneLine(language, "language");
    if (detail != null) {
      requireShort(detail, "detail", LONGEST_DETAIL);
    }
  }

  private static void requireShort(String text, String member, int longest) {
    if (text.isBlank() || text.length() > longest) {
      throw new UnusableInput(
          member, "write 1 to " + longest + " characters", "应为 1 至 " + longest + " 个字符");
    }
  }

  // They are kept a line each, so that none can pass for another.
  private static void requireOneLine(String text, String member) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new UnusableInput(member, "write it in one line", "应写在一行内");
    }
  }

  /**
   * Whether the act is one by which a person says yes: silence, a box ticked beforehand or going on
   * is none. Only such an act can grant or accept.
   */
  public boolean affirmative() {
    return AFFIRMATIVE.contains(act);
  }

  /** The acts that can grant, sorted, for telling people. */
  public static String affirmativeActs() {
    return AFFIRMATIVE.stream().sorted().collect(Collectors.joining(", "));
  }
}
