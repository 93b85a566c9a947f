package dev.pledge.policy.decision;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A length of time as laws set it and policies promise it: {@code PT4H}, {@code P30D}, {@code 15
 * working days}, {@code P1M}. What starts it is a moment, which whoever runs the clock knows.
 *
 * <p>Hours run from that moment. All others run in days of a calendar: the day it falls on does not
 * count, and the term is over when its last day is. A month ends on the day of the same number, or,
 * where there is none, on the last of the month. A working day is one the {@link Calendar} says is
 * worked. A term that ends on a day of rest is not prolonged: a law may give longer, and a promise
 * that does not count on it is kept either way.
 */
public record Term(int amount, Unit unit) {
  /** The longest amount of any unit. */
  public static final int MOST = 9_999;

  private static final Pattern FORM =
      Pattern.compile(
          "PT([1-9][0-9]{0,3})H|P([1-9][0-9]{0,3})([DM])|([1-9][0-9]{0,3}) working days?");
  private static final LocalDate LEAP_YEAR = LocalDate.of(2024, 1, 1);

  /** What an amount counts. */
  public enum Unit {
    HOUR,
    DAY,
    WORKING_DAY,
    MONTH
  }

  /**
   * Which days are worked where the clock runs.
   *
   * @param zone where days begin and end
   * @param holidays days without work, besides Saturdays and Sundays
   * @param worked Saturdays and Sundays that are worked, in place of other days
   */
  public record Calendar(ZoneId zone, Set<LocalDate> holidays, Set<LocalDate> worked) {
    private static final Set<DayOfWeek> WEEKEND = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    public Calendar {
      holidays = Set.copyOf(holidays);
      worked = Set.copyOf(worked);
    }

    /** Monday to Friday; terms in working days end no later than with holidays. */
    public static Calendar weekdays(ZoneId zone) {
      return new Calendar(zone, Set.of(), Set.of());
    }

    /** Whether the day is worked. */
    public boolean isWorked(LocalDate day) {
      return worked.contains(day)
          || !(WEEKEND.contains(day.getDayOfWeek()) || holidays.contains(day));
    }
  }

  public Term {
    if (amount < 1 || amount > MOST) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a term of `%d`; from 1 to %d are possible", amount, MOST));
    }
  }

  /** The term so written, or empty if it is none. */
  public static Optional<Term> of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    if (form.group(1) != null) {
      return Optional.of(new Term(Integer.parseInt(form.group(1)), Unit.HOUR));
    }
    if (form.group(4) != null) {
      return Optional.of(new Term(Integer.parseInt(form.group(4)), Unit.WORKING_DAY));
    }
    Unit unit = form.group(3).equals("D") ? Unit.DAY : Unit.MONTH;
    return Optional.of(new Term(Integer.parseInt(form.group(2)), unit));
  }

  /** The first moment at which the term is over. */
  public Instant end(Instant start, Calendar calendar) {
    if (unit == Unit.HOUR) {
      return start.plus(Duration.ofHours(amount));
    }
    LocalDate day = LocalDate.ofInstant(start, calendar.zone());
    return last(day, calendar).plusDays(1).atStartOfDay(calendar.zone()).toInstant();
  }

  /** The last day of a term in days or months that starts on {@code day}. */
  private LocalDate last(LocalDate day, Calendar calendar) {
    return switch (unit) {
      case HOUR -> throw new IllegalStateException("hours have no last day; add them to the start");
      case DAY -> day.plusDays(amount);
      case MONTH -> day.plusMonths(amount);
      case WORKING_DAY -> {
        LocalDate last = day;
        for (int worked = 0; worked < amount; worked += calendar.isWorked(last) ? 1 : 0) {
          last = last.plusDays(1);
        }
        yield last;
      }
    };
  }

  /**
   * Whether this term, whenever it starts and whatever the calendar, ends no later than {@code
   * other} would. Working days may be as many days as holidays make them, or just as many where
   * weekends are worked; a day may have 23 hours or 25.
   */
  public boolean isNeverLongerThan(Term other) {
    if (unit == other.unit) {
      return amount <= other.amount;
    }
    if (unit == Unit.WORKING_DAY) {
      return false;
    }
    if (unit == Unit.HOUR) {
      return amount <= 24 * other.fewestDays() - 1;
    }
    return other.unit == Unit.HOUR
        ? 24 * (mostDays() + 1) + 1 <= other.amount
        : mostDays() <= other.fewestDays();
  }

  private long fewestDays() {
    return unit == Unit.MONTH ? daysOfMonths().min().orElseThrow() : amount;
  }

  private long mostDays() {
    return unit == Unit.MONTH ? daysOfMonths().max().orElseThrow() : amount;
  }

  /** How many days the months are, from each day of four years. */
  private LongStream daysOfMonths() {
    return LEAP_YEAR
        .datesUntil(LEAP_YEAR.plusYears(4))
        .mapToLong(day -> ChronoUnit.DAYS.between(day, day.plusMonths(amount)));
  }

  /** As a policy writes it. */
  @Override
  public String toString() {
    return switch (unit) {
      case HOUR -> "PT" + amount + "H";
      case DAY -> "P" + amount + "D";
      case WORKING_DAY -> amount + (amount == 1 ? " working day" : " working days");
      case MONTH -> "P" + amount + "M";
    };
  }
}
