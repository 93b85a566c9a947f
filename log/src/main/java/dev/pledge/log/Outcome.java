package dev.pledge.log;

import java.util.Collection;

/** How what was asked for came out. */
public enum Outcome {
  /** All of it was done. */
  PERMITTED(1),
  /** Some of it was done, some refused. */
  PARTLY(2),
  /** None of it was done. */
  REFUSED(3);

  private final int code;

  Outcome(int code) {
    this.code = code;
  }

  /**
   * The outcome that the verdicts add up to, when at least one thing was asked for.
   *
   * @param unknownNames how many names the policy does not know were asked for besides
   */
  public static Outcome of(Collection<Verdict> verdicts, int unknownNames) {
    boolean granted = verdicts.stream().anyMatch(Verdict.Granted.class::isInstance);
    boolean withheld =
        unknownNames > 0 || verdicts.stream().anyMatch(Verdict.Withheld.class::isInstance);
    if (withheld) {
      return granted ? PARTLY : REFUSED;
    }
    return PERMITTED;
  }

  int code() {
    return code;
  }

  static Outcome ofCode(int code) {
    for (Outcome outcome : values()) {
      if (outcome.code == code) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("unknown outcome");
  }
}
