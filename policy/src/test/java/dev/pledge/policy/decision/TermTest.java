package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.decision.Term.Calendar;
import dev.pledge.policy.decision.Term.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Terms: how they are written, when they end, and which of two is never the longer. */
final class TermTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_261_126L);
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  private static Term term(String text) {
    return Term.of(text).orElseThrow();
  }

  /** When the term is over that starts at local times in Shanghai, where no holidays are known. */
  private static LocalDateTime end(String term, String start) {
    return end(term, start, Calendar.weekdays(SHANGHAI));
  }

  private static LocalDateTime end(String term, String start, Calendar calendar) {
    Instant begins = LocalDateTime.parse(start).atZone(calendar.zone()).toInstant();
    return LocalDateTime.ofInstant(term(term).end(begins, calendar), calendar.zone());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PT4H", "PT72H", "P1D", "P30D", "P1M", "1 working day", "15 working days"})
  void isWrittenAsItIsRead(String text) {
    assertThat(term(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4",
        "PT0H",
        "PT4",
        "P30",
        "P0D",
        "P-1D",
        "P1Y",
        "P1W",
        "P1M1D",
        "PT4H30M",
        "P10000D",
        "0 working days",
        "15 workingdays",
        "fifteen working days",
        "15  working days",
        "P٣D"
      })
  void whatIsNoTermIsNone(String text) {
    assertThat(Term.of(text)).isEmpty();
  }

  @Test
  void aTermOfNothingCannotBe() {
    assertThatThrownBy(() -> new Term(0, Unit.DAY)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Term(Term.MOST + 1, Unit.MONTH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hoursRunFromTheMoment() {
    assertThat(end("PT4H", "2026-11-26T23:15:30")).isEqualTo("2026-11-27T03:15:30");
  }

  @Test
  void theDayThatStartsATermDoesNotCountAndTheLastOneDoes() {
    assertThat(end("P1D", "2026-11-26T00:00:00")).isEqualTo("2026-11-28T00:00:00");
    assertThat(end("P1D", "2026-11-26T23:59:59")).isEqualTo("2026-11-28T00:00:00");
    assertThat(end("P30D", "2026-11-26T12:00:00")).isEqualTo("2026-12-27T00:00:00");
  }

  @Test
  void daysAreThoseOfThePlaceWhereTheClockRuns() {
    Instant start = Instant.parse("2026-11-26T20:00:00Z"); // the 27th in Shanghai
    assertThat(term("P1D").end(start, Calendar.weekdays(SHANGHAI)))
        .isEqualTo("2026-11-28T16:00:00Z");
    assertThat(term("P1D").end(start, Calendar.weekdays(ZoneOffset.UTC)))
        .isEqualTo("2026-11-28T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "P1M, 2026-03-05T10:00, 2026-04-06T00:00",
    "P1M, 2026-08-31T10:00, 2026-10-01T00:00", // September has 30 days
    "P1M, 2026-01-31T10:00, 2026-03-01T00:00",
    "P1M, 2028-01-31T10:00, 2028-03-01T00:00", // the 29th of February is the last day
    "P2M, 2026-12-31T10:00, 2027-03-01T00:00",
    "P12M, 2028-02-29T10:00, 2029-03-01T00:00"
  })
  void aMonthEndsOnTheDayOfTheSameNumberOrTheLast(String term, String start, String end) {
    assertThat(end(term, start)).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "1 working day, 2026-11-26T10:00, 2026-11-28T00:00", // Thursday, so Friday
    "1 working day, 2026-11-27T10:00, 2026-12-01T00:00", // Friday, so Monday
    "1 working day, 2026-11-28T10:00, 2026-12-01T00:00", // Saturday, so Monday
    "15 working days, 2026-11-26T10:00, 2026-12-18T00:00",
    "5 working days, 2026-11-29T10:00, 2026-12-05T00:00" // Sunday, so Friday
  })
  void workingDaysLeaveOutTheWeekend(String term, String start, String end) {
    assertThat(end(term, start)).isEqualTo(end);
  }

  @Test
  void holidaysAreNotWorkedAndDaysInTheirPlaceAre() {
    Calendar october =
        new Calendar(
            SHANGHAI,
            Set.of(
                LocalDate.of(2026, 10, 1),
                LocalDate.of(2026, 10, 2),
                LocalDate.of(2026, 10, 5),
                LocalDate.of(2026, 10, 6),
                LocalDate.of(2026, 10, 7)),
            Set.of(LocalDate.of(2026, 10, 10))); // a Saturday
    assertThat(end("3 working days", "2026-09-30T10:00", october)).isEqualTo("2026-10-11T00:00:00");
    assertThat(end("3 working days", "2026-09-30T10:00")).isEqualTo("2026-10-06T00:00:00");
  }

  @ParameterizedTest
  @CsvSource({
    "PT4H, PT4H, true",
    "PT5H, PT4H, false",
    "P28D, P1M, true",
    "P30D, P1M, false", // in February
    "P1M, P30D, false", // in August
    "P1M, P31D, true",
    "P15D, 15 working days, true",
    "P16D, 15 working days, false", // where weekends are worked in place of holidays
    "10 working days, 15 working days, true",
    "1 working day, P30D, false", // nobody says how long holidays are
    "P2D, PT72H, false", // from midnight, when the clocks are put back
    "P1D, PT72H, true",
    "PT23H, P1D, true",
    "PT24H, P1D, false", // from a moment before midnight, when the clocks are put forward
    "PT24H, 1 working day, false"
  })
  void knowsWhichTermsAreNeverLonger(String one, String other, boolean never) {
    assertThat(term(one).isNeverLongerThan(term(other))).isEqualTo(never);
  }

  @Test
  void whatIsNeverLongerNeverEndsLater() {
    Random random = new Random(SEED);
    System.err.println("TermTest: -Dpledge.seed=" + SEED);
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    int compared = 0;
    for (int i = 0; i < 20_000; i++) {
      Term one = invented(random);
      Term other = invented(random);
      if (one.isNeverLongerThan(other)) {
        Instant start = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(200_000_000));
        Calendar calendar = new Calendar(berlin, days(random), days(random));
        assertThat(one.end(start, calendar))
            .as("%s and %s from %s", one, other, start)
            .isBeforeOrEqualTo(other.end(start, calendar));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(4_000);
  }

  private static Term invented(Random random) {
    Unit unit = Unit.values()[random.nextInt(Unit.values().length)];
    return new Term(1 + random.nextInt(unit == Unit.MONTH ? 4 : 90), unit);
  }

  private static Set<LocalDate> days(Random random) {
    Set<LocalDate> days = new HashSet<>();
    Stream.generate(() -> LocalDate.of(2023, 11, 1).plusDays(random.nextInt(2_500)))
        .limit(200)
        .forEach(days::add);
    return days;
  }
}
