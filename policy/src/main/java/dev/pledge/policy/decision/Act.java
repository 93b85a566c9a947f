package dev.pledge.policy.decision;

/** What someone wants to do with personal data. */
public enum Act {
  /** Store values of a person (I.*). */
  COLLECT,
  /** See values of a person (II.*). */
  READ,
  /** Hand values of a person to a recipient (III.*). */
  SHARE
}
