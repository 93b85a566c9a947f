package dev.pledge.engine.watch;

import dev.pledge.policy.language.Settings;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;

/**
 * From when on access is unusual.
 *
 * @param bulkReads how many people's data an actor may see
 * @param hours when staff work
 * @param refusals how many refusals
 * @param enumeration how many questions about nobody
 * @param newcomer for how long since its first use an actor is new, and first uses are no alarm
 * @param besideUnwrap how far from its cause an epoch's key may be unwrapped
 */
public record WatchSettings(
    Limit bulkReads,
    Hours hours,
    ManyRefusals refusals,
    Limit enumeration,
    Duration newcomer,
    Duration besideUnwrap) {
  /** The longest time a rule looks back over. */
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final int MOST = 999_999;
  private static final int PERCENT = 100;
  private static final int MOST_DAYS = 365;

  /** What is usual, with the working hours of the given zone. */
  public static WatchSettings usual(ZoneId zone) {
    return new WatchSettings(
        new Limit(Duration.ofHours(1), 300, 300, 5_000, 100_000),
        new Hours(
            zone,
            EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
            LocalTime.of(7, 0),
            LocalTime.of(20, 0),
            3,
            Duration.ofHours(1)),
        new ManyRefusals(Duration.ofMinutes(10), 50, 50),
        new Limit(Duration.ofMinutes(10), 15, 15, 50, 500),
        Duration.ofDays(14),
        Duration.ofMinutes(10));
  }

  /** What a file says; what it does not say is as in {@code usual}. */
  public static WatchSettings read(Settings file, WatchSettings usual) {
    Settings unwrap = file.section("epoch-unwrap");
    int days =
        file.section("first-use").number("new-days", 0, MOST_DAYS, (int) usual.newcomer().toDays());
    return new WatchSettings(
        limit(file.section("bulk-reads"), usual.bulkReads()),
        hours(file.section("out-of-hours"), usual.hours()),
        refusals(file.section("refusals"), usual.refusals()),
        limit(file.section("enumeration"), usual.enumeration()),
        Duration.ofDays(days),
        time(unwrap, "beside", usual.besideUnwrap()));
  }

  private static Limit limit(Settings section, Limit usual) {
    return new Limit(
        time(section, "within", usual.within()),
        section.number("staff", 1, MOST, usual.staff()),
        section.number("auditor", 1, MOST, usual.auditor()),
        section.number("partner", 1, MOST, usual.partner()),
        section.number("service", 1, MOST, usual.service()));
  }

  private static Hours hours(Settings section, Hours usual) {
    return new Hours(
        section.word("zone", ZoneId::of, "write a time zone such as `Asia/Shanghai`", usual.zone()),
        section.some("days", "day", DayOfWeek.class, usual.days()),
        section.word("from", LocalTime::parse, "write a time such as `07:00`", usual.from()),
        section.word("until", LocalTime::parse, "write a time such as `20:00`", usual.until()),
        section.number("reads", 1, MOST, usual.reads()),
        time(section, "within", usual.within()));
  }

  private static ManyRefusals refusals(Settings section, ManyRefusals usual) {
    return new ManyRefusals(
        time(section, "within", usual.within()),
        section.number("count", 1, MOST, usual.count()),
        section.number("percent", 1, PERCENT, usual.percent()));
  }

  private static Duration time(Settings section, String key, Duration usual) {
    return section.time(key, SHORTEST, LONGEST, usual);
  }

  /**
   * So many refusals, and so great a part of all that was asked.
   *
   * @param percent of a hundred things asked
   */
  public record ManyRefusals(Duration within, int count, int percent) {}

  /** The time within which a repetition belongs to an alarm that is open. */
  Duration within(RuleName rule) {
    return switch (rule) {
      case BULK_READS -> bulkReads.within();
      case OUT_OF_HOURS -> hours.within();
      case REFUSALS -> refusals.within();
      case ENUMERATION -> enumeration.within();
      case REVEAL, FIRST_USE, EPOCH_UNWRAP -> besideUnwrap;
    };
  }

  /** The longest any rule looks back. */
  Duration lookback() {
    Duration longest = besideUnwrap;
    for (RuleName rule : RuleName.values()) {
      longest = within(rule).compareTo(longest) > 0 ? within(rule) : longest;
    }
    return longest;
  }
}
