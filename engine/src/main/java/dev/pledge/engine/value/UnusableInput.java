package dev.pledge.engine.value;

import java.util.Locale;

/**
 * An input that no call can use as it is: too long, too many, out of its order. Says which member
 * it is and what is wrong, for people; holds nothing of the input, so that it may be answered.
 */
@SuppressWarnings("serial") // never leaves this process
public final class UnusableInput extends IllegalArgumentException {
  private final String member;
  private final String english;
  private final String chinese;

  /**
   * A complaint about {@code member}.
   *
   * @param member its name, as callers know it, such as {@code justification}
   */
  public UnusableInput(String member, String english, String chinese) {
    super("`" + member + "`: " + english);
    this.member = member;
    this.english = english;
    this.chinese = chinese;
  }

  /** The name of the member, as callers know it. */
  public String member() {
    return member;
  }

  /** The sentence for a person: Chinese where {@code locale} is, otherwise English. */
  public String sentence(Locale locale) {
    return locale.getLanguage().equals("zh") ? chinese : english;
  }
}
