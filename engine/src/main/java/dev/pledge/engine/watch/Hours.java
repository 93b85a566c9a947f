package dev.pledge.engine.watch;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * When staff work.
 *
 * @param days on which
 * @param from since when, on each of them
 * @param until up to but not including; before {@code from}, it is on the next day
 * @param reads how many looks at people's data outside of it are unusual
 * @param within within which time
 */
public record Hours(
    ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime until, int reads, Duration within) {
  public Hours {
    days = Set.copyOf(days);
  }

  boolean cover(Instant at) {
    ZonedDateTime there = at.atZone(zone);
    LocalTime time = there.toLocalTime();
    DayOfWeek day = there.getDayOfWeek();
    if (from.isBefore(until)) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(until);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(until));
  }
}
