package dev.pledge.engine.consent;

import dev.pledge.engine.value.UnusableInput;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a person's choice was expressed (II.II.6): by which act, on which wording, in which language.
 * Stored sealed under the person's key.
 *
 * @param act what the person did, such as {@code checked-box}; see {@link #affirmative}
 * @param notice the wording shown: the version of the policy it is of, or a hash of it. A choice
 *     counts under the version named, if it has been in force, or else under the one in force when
 *     the person acted
 * @param language BCP 47 tag of the wording
 * @param at when the person acted, by the clock of whoever recorded it; grants and accepts nothing
 *     if that lies in the future or before the wording was in force
 * @param detail anything else worth keeping, in the caller's words
 */
public record Evidence(
    String act, String notice, String language, Instant at, @Nullable String detail) {
  private static final Set<String> AFFIRMATIVE =
      Set.of("checked-box", "pressed-button", "signed", "spoken", "typed", "moved-switch");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}");

  /** The longest {@code act} and {@code notice}, in characters. */
  public static final int LONGEST = 200;

  /** The longest {@code language}, in characters. */
  public static final int LONGEST_LANGUAGE = 30;

  /** The longest {@code detail}, in characters. */
  public static final int LONGEST_DETAIL = 2_000;

  public Evidence {
    requireShort(act, "act", LONGEST);
    requireShort(notice, "notice", LONGEST);
    if (!LANGUAGE.matcher(language).matches()) {
      throw new UnusableInput("language", "write a language tag, such as `en`", "应为语言标签，如 `zh`");
    }
    requireOneLine(act, "act");
    requireOneLine(notice, "notice");
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

  /** Nothing of it: all of it is in the caller's words. */
  @Override
  public String toString() {
    return "Evidence[[redacted]]";
  }

  /** The acts that can grant, sorted, for telling people. */
  public static String affirmativeActs() {
    return AFFIRMATIVE.stream().sorted().collect(Collectors.joining(", "));
  }
}
