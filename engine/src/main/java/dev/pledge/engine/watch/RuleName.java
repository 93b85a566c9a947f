package dev.pledge.engine.watch;

import java.util.Locale;

/** What is watched for. The word is stable: alarms and log entries carry it. */
public enum RuleName {
  /** One actor sees the data of many people. */
  BULK_READS,
  /** A member of staff looks at people's data outside of working hours. */
  OUT_OF_HOURS,
  /** Much of what an actor asks is refused. */
  REFUSALS,
  /** An actor asks about many ids or aliases that are nobody's. */
  ENUMERATION,
  /** A value was shown in clear, and nobody said why. */
  REVEAL,
  /** An actor uses data for a purpose it never used before. */
  FIRST_USE,
  /** An epoch's key was unwrapped, and nothing beside it says why. */
  EPOCH_UNWRAP;

  /** The word for it, such as {@code bulk-reads}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static RuleName of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
