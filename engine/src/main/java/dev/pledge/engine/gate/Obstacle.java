package dev.pledge.engine.gate;

import java.util.Locale;

/** Why a decision on the log cannot be made again from its entry. */
public enum Obstacle {
  NOBODY("about an id that was unknown or erased, of which no policy decides anything"),
  UNKNOWN_NAMES("named what the policy did not know, which the log does not repeat"),
  VALUES("refused for a value, which is no matter of the policy"),
  OTHER_VERSION("decided by a version that is not among those of --policy"),
  NOT_AS_RECORDED("does not come out as recorded by the version it names, as --policy has it"),
  TOO_MANY_CHOICES("rests on more choices of the person than can be gone through");

  private final String sentence;

  Obstacle(String sentence) {
    this.sentence = sentence;
  }

  /** A stable word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is said to people. */
  public String sentence() {
    return sentence;
  }
}
