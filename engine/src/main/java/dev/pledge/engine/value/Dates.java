package dev.pledge.engine.value;

import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A day of the Gregorian calendar from 1900 to today, written as ISO 8601 does. */
final class Dates {
  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);

  private Dates() {}

  static String read(@Nullable Object json, LocalDate today) throws Unfit {
    LocalDate date = parse(Text.code(json, 10));
    if (!isPossible(date, today)) {
      throw new Unfit(Complaint.DATE_RANGE);
    }
    return date.toString();
  }

  static boolean isPossible(LocalDate date, LocalDate today) {
    return !date.isBefore(FIRST) && !date.isAfter(today);
  }

  static String year(String date) {
    return Integer.toString(LocalDate.parse(date).getYear());
  }

  /** The year, or one sign for all years that lie 90 or more back. */
  static String pooledYear(String date, LocalDate today) {
    int oldest = today.getYear() - Age.POOLED_FROM;
    int year = LocalDate.parse(date).getYear();
    return year <= oldest ? "≤" + oldest : Integer.toString(year);
  }

  private static LocalDate parse(String text) throws Unfit {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new Unfit(Complaint.DATE);
    }
  }
}
