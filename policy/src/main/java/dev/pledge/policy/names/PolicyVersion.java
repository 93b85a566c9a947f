package dev.pledge.policy.names;

import java.util.regex.Pattern;

/**
 * One version of one policy, written {@code emeet@2020-04-23} (IX.2).
 *
 * <p>The version is 1 to 32 letters, digits, dots and hyphens; anything else throws {@link
 * IllegalArgumentException}.
 */
public record PolicyVersion(String policy, String version) {
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,31}");

  public PolicyVersion {
    Name.requireSimple(policy, "policy");
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "malformed policy version; use letters, digits, dots and hyphens");
    }
  }

  /**
   * Reads {@code policy@version}.
   *
   * @throws IllegalArgumentException if it is not in that form
   */
  public static PolicyVersion of(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException("malformed policy version; write `policy@version`");
    }
    return new PolicyVersion(text.substring(0, at), text.substring(at + 1));
  }

  @Override
  public String toString() {
    return policy + "@" + version;
  }
}
