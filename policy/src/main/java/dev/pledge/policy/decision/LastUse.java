package dev.pledge.policy.decision;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;

/**
 * Terms that run from the last day on which a person used something, UTC (II.II.3, IV.1). The day
 * does not count, and a term is over when its last day is, so that it is never shorter than from
 * any hour of that day.
 */
final class LastUse {
  private static final long DAY = 86_400;

  private LastUse() {}

  /** When the term is over; one that leaves the calendar always was. */
  static Instant end(LocalDate lastUsed, Period term) {
    try {
      return Instant.ofEpochSecond((lastUsed.plus(term).toEpochDay() + 1) * DAY);
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MIN;
    }
  }

  /** Whether the term is over at {@code now}; one that leaves the calendar always was. */
  static boolean isOver(LocalDate lastUsed, Period term, Instant now) {
    try {
      return now.getEpochSecond() >= (lastUsed.plus(term).toEpochDay() + 1) * DAY;
    } catch (DateTimeException | ArithmeticException e) {
      return true;
    }
  }
}
