package dev.pledge.engine.rights;

import dev.pledge.engine.value.UnusableInput;
import java.nio.charset.StandardCharsets;

/** What people write by hand. */
final class Wording {
  private Wording() {}

  /** Lines and tabs are let by, other control characters are not. */
  static void require(String text, String member, int longest) {
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)
        || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
        || text.length() > longest
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new UnusableInput(
          member,
          "write 1 to " + longest + " characters, letters or digits among them",
          "应为 1 至 " + longest + " 个字符，且含文字或数字");
    }
  }
}
