package dev.pledge.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.watch.Script.Who;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.policy.names.Clause;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule: streams that it alarms for, and near misses that it does not. */
@Clause({"IV.2", "IV.3"})
class RulesTest {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final WatchSettings USUAL = WatchSettings.usual(SHANGHAI);

  /** A Tuesday. */
  private static final Instant TEN = at("2026-03-03T10:00");

  private static final Who LEE = Who.staff("lee");
  private static final Who KIM = Who.staff("kim");
  private static final Who BACKEND = Who.service("meeting-backend");
  private static final Who COURIER = Who.partner("courier");

  private final Script script = new Script();

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(SHANGHAI).toInstant();
  }

  private List<Spell> spells(RuleName rule) {
    return new Rules(USUAL, Map.of(Script.LOG, 0L))
        .see(script.entries()).stream().filter(spell -> spell.what().rule() == rule).toList();
  }

  private void assertAlarmed(RuleName rule, Who who, long first, long last, long count) {
    assertThat(spells(rule))
        .singleElement()
        .satisfies(
            spell -> {
              assertThat(spell.what()).isEqualTo(Sign.What.of(rule, who.id()));
              assertThat(spell.first().position()).isEqualTo(first);
              assertThat(spell.last().position()).isEqualTo(last);
              assertThat(spell.count()).isEqualTo(count);
            });
  }

  private void assertQuiet(RuleName rule) {
    assertThat(spells(rule)).isEmpty();
  }

  private static Instant seconds(long later) {
    return TEN.plusSeconds(later);
  }

  // ---------------------------------------------------------------------------------- bulk reads

  private void reads(Who who, int count, Duration within) {
    for (int i = 0; i < count; i++) {
      script.read(who, TEN.plus(within.dividedBy(count).multipliedBy(i)));
    }
  }

  @Test
  void whoReadsManyPeopleIsAlarmedFor() {
    reads(LEE, 310, Duration.ofMinutes(50));
    assertAlarmed(RuleName.BULK_READS, LEE, 0, 309, 310);
  }

  @Test
  void whoHasManyChoicesExplainedIsAlarmedForAsForReads() {
    for (int i = 0; i < 310; i++) {
      script.explained(LEE, at("2026-03-03T22:00").plusSeconds(i), "promotion");
    }
    assertAlarmed(RuleName.BULK_READS, LEE, 0, 309, 310);
    assertAlarmed(RuleName.OUT_OF_HOURS, LEE, 0, 309, 310);
  }

  @Test
  void anExplanationIsNoUseOfAPurpose() {
    script.explained(LEE, TEN, "promotion");
    assertQuiet(RuleName.FIRST_USE);
    script.read(LEE, seconds(1), "promotion");
    assertThat(spells(RuleName.FIRST_USE)).hasSize(1);
  }

  @Test
  void oneLessThanTheLimitIsNoAlarm() {
    reads(LEE, 299, Duration.ofMinutes(50));
    assertQuiet(RuleName.BULK_READS);
  }

  @Test
  void manyReadsOverADayAreNoAlarm() {
    reads(LEE, 1_600, Duration.ofHours(8));
    assertQuiet(RuleName.BULK_READS);
  }

  @Test
  void manyReadsOfSeveralActorsAreNoAlarm() {
    reads(LEE, 200, Duration.ofMinutes(30));
    reads(KIM, 200, Duration.ofMinutes(30));
    assertQuiet(RuleName.BULK_READS);
  }

  @Test
  void programsAndPartnersHaveLimitsOfTheirOwn() {
    reads(BACKEND, 20_000, Duration.ofMinutes(30));
    reads(COURIER, 4_999, Duration.ofMinutes(30));
    assertQuiet(RuleName.BULK_READS);
    script.read(COURIER, seconds(1_800));
    assertAlarmed(RuleName.BULK_READS, COURIER, 20_000, 24_999, 5_000);
  }

  @Test
  void whatIsRefusedShowsNobody() {
    for (int i = 0; i < 400; i++) {
      script.refused(LEE, seconds(i));
    }
    assertQuiet(RuleName.BULK_READS);
  }

  @Test
  void whatPeopleSeeOfThemselvesIsNobodysBulk() {
    for (int i = 0; i < 400; i++) {
      script.self(seconds(i));
    }
    assertQuiet(RuleName.BULK_READS);
  }

  @Test
  void aListOfAnAudienceIsManyReadsButForPrograms() {
    script.audience(BACKEND, TEN);
    assertQuiet(RuleName.BULK_READS);
    script.audience(LEE, TEN);
    assertAlarmed(RuleName.BULK_READS, LEE, 1, 1, 300);
  }

  @Test
  void entriesSlightlyOutOfOrderCountAlike() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 310; i++) {
      script.read(LEE, seconds(9 * i + random.nextInt(-3, 4)));
    }
    assertAlarmed(RuleName.BULK_READS, LEE, 0, 309, 310);
  }

  @Test
  void aClockSetBackHidesNothingForLong() {
    script.read(LEE, TEN.plus(Duration.ofDays(400)));
    reads(LEE, 310, Duration.ofMinutes(50));
    assertAlarmed(RuleName.BULK_READS, LEE, 1, 310, 310);
  }

  @Test
  void manyOtherActorsHideNobodyAndFillNoMemory() {
    Windows windows = new Windows(Duration.ofHours(1));
    long most = 0;
    for (int i = 0; i < 50_000; i++) {
      windows.add("actor-" + i, TEN, new Place(Script.LOG, i), 1);
      most = i % 100 == 0 ? windows.add("lee", TEN, new Place(Script.LOG, i), 1).count() : most;
    }
    assertThat(most).isEqualTo(500);
    assertThat(windows.size()).isLessThanOrEqualTo(Windows.MOST);
  }

  // --------------------------------------------------------------------------------------- hours

  @ParameterizedTest
  @CsvSource({
    "2026-03-03T06:59:59, true", // Tuesday
    "2026-03-03T07:00, false",
    "2026-03-03T19:59:50, false",
    "2026-03-03T20:00, true",
    "2026-03-07T12:00, true", // Saturday
    "2026-03-02T08:00, false", // Monday there, Sunday in Europe
  })
  void whoLooksOutsideOfWorkingHoursIsAlarmedFor(String local, boolean alarmed) {
    Instant time = at(local);
    for (int i = 0; i < 3; i++) {
      script.read(LEE, time.plusMillis(i)).read(BACKEND, time.plusMillis(i));
    }
    if (alarmed) {
      assertAlarmed(RuleName.OUT_OF_HOURS, LEE, 0, 4, 3);
    } else {
      assertQuiet(RuleName.OUT_OF_HOURS);
    }
  }

  @Test
  void fewLooksOutsideOfWorkingHoursAreNoAlarm() {
    Instant night = at("2026-03-03T23:00");
    script.read(LEE, night).read(LEE, night.plusSeconds(1));
    script.read(KIM, night).refused(LEE, night).refused(LEE, night);
    script.read(LEE, night.plus(Duration.ofHours(2)));
    assertQuiet(RuleName.OUT_OF_HOURS);
  }

  @Test
  void aNightShiftWorksPastMidnight() {
    Hours night =
        new Hours(
            SHANGHAI,
            EnumSet.of(DayOfWeek.FRIDAY),
            LocalTime.of(22, 0),
            LocalTime.of(6, 0),
            1,
            Duration.ofHours(1));
    assertThat(night.cover(at("2026-03-06T21:59"))).isFalse();
    assertThat(night.cover(at("2026-03-06T22:00"))).isTrue();
    assertThat(night.cover(at("2026-03-07T05:59"))).isTrue();
    assertThat(night.cover(at("2026-03-07T06:00"))).isFalse();
    assertThat(night.cover(at("2026-03-06T05:00"))).isFalse();
  }

  // ------------------------------------------------------------------------------------ refusals

  private void asked(Who who, int refused, int granted, Duration within) {
    int all = refused + granted;
    for (int i = 0; i < all; i++) {
      Instant time = TEN.plus(within.dividedBy(all).multipliedBy(i));
      boolean no = (long) i * refused / all != (i + 1L) * refused / all;
      if (no) {
        script.refused(who, time);
      } else {
        script.read(who, time);
      }
    }
  }

  @Test
  void whoIsMostlyRefusedIsAlarmedFor() {
    asked(LEE, 50, 0, Duration.ofMinutes(8));
    assertAlarmed(RuleName.REFUSALS, LEE, 0, 49, 50);
  }

  @Test
  void someRefusalsAmongMuchThatIsPermittedAreNoAlarm() {
    asked(BACKEND, 200, 900, Duration.ofMinutes(8));
    assertQuiet(RuleName.REFUSALS);
  }

  @Test
  void whoTriesCallsThatTheTokenDoesNotCoverIsAlarmedFor() {
    for (int i = 0; i < 49; i++) {
      script.uncovered(i % 2 == 0 ? Kind.HISTORY : Kind.ERASE, LEE, seconds(i));
    }
    assertQuiet(RuleName.REFUSALS);
    script.uncovered(Kind.SEARCH, LEE, seconds(49));
    assertAlarmed(RuleName.REFUSALS, LEE, 0, 49, 50);
    assertQuiet(RuleName.ENUMERATION);
  }

  @Test
  void halfRefusedIsTooMuch() {
    asked(BACKEND, 60, 60, Duration.ofMinutes(8));
    assertThat(spells(RuleName.REFUSALS)).hasSize(1);
  }

  @Test
  void fewRefusalsAreNoAlarmHoweverGreatTheirPart() {
    asked(LEE, 49, 0, Duration.ofMinutes(8));
    assertQuiet(RuleName.REFUSALS);
  }

  @Test
  void refusalsFarApartAreNoAlarm() {
    asked(LEE, 200, 0, Duration.ofHours(2));
    assertQuiet(RuleName.REFUSALS);
  }

  // --------------------------------------------------------------------------------- enumeration

  private void strangers(Who who, int count, Duration within) {
    for (int i = 0; i < count; i++) {
      script.nobody(
          i % 2 == 0 ? Kind.LOOKUP : Kind.READ,
          who,
          TEN.plus(within.dividedBy(count).multipliedBy(i)));
    }
  }

  @Test
  void whoAsksForManyWhoAreNobodyIsAlarmedFor() {
    strangers(LEE, 15, Duration.ofMinutes(3));
    assertAlarmed(RuleName.ENUMERATION, LEE, 0, 14, 15);
    assertQuiet(RuleName.REFUSALS);
  }

  @Test
  void fewOrSlowMistakesAreNoAlarm() {
    strangers(LEE, 14, Duration.ofMinutes(3));
    strangers(KIM, 60, Duration.ofHours(1));
    strangers(BACKEND, 400, Duration.ofMinutes(9));
    assertQuiet(RuleName.ENUMERATION);
  }

  @Test
  void whatIsRefusedAboutSomebodyIsNoEnumeration() {
    for (int i = 0; i < 40; i++) {
      script.refused(LEE, seconds(i));
    }
    assertQuiet(RuleName.ENUMERATION);
  }

  // -------------------------------------------------------------------------------------- reveal

  @Test
  void aValueInClearWithoutAWordIsAlarmedFor() {
    script.inClear(LEE, TEN, true, "justified");
    script.inClear(LEE, TEN, false);
    script.read(LEE, TEN);
    assertQuiet(RuleName.REVEAL);
    script.inClear(LEE, TEN, true, "step-up");
    assertAlarmed(RuleName.REVEAL, LEE, 3, 3, 1);
  }

  @Test
  void whoIsNoServiceSeesNothingInClearWithoutAWordWhateverTheRoleSees() {
    script.seesClear(Kind.READ, LEE, TEN, "justified");
    script.seesClear(Kind.EXPLAIN, LEE, TEN);
    script.seesClear(Kind.READ, BACKEND, TEN);
    script.self(TEN);
    script.read(LEE, TEN);
    assertQuiet(RuleName.REVEAL);
    script.seesClear(Kind.READ, LEE, TEN);
    assertAlarmed(RuleName.REVEAL, LEE, 5, 5, 1);
    script.seesClear(Kind.SHARE, COURIER, TEN);
    assertThat(spells(RuleName.REVEAL)).hasSize(2);
  }

  // ------------------------------------------------------------------------------------ first use

  @Test
  void eachUseForAPurposeIsToldOnce() {
    script.read(LEE, TEN, "customer-service").read(LEE, TEN, "security").read(LEE, TEN, "security");
    script.read(KIM, TEN, "security").refused(KIM, TEN).self(TEN);
    assertThat(spells(RuleName.FIRST_USE))
        .extracting(spell -> spell.what().actor().orElse("") + " " + spell.what().purpose().get())
        .containsExactly("lee customer-service", "lee security", "kim security");
  }

  // ------------------------------------------------------------------------------------- unwraps

  private List<Spell> unwraps() {
    return spells(RuleName.EPOCH_UNWRAP);
  }

  @Test
  void anUnwrapWithoutACauseIsAlarmedForOnceTheTimeForOneHasPassed() {
    script.keys(Kind.EPOCH_UNWRAPPED, TEN).read(BACKEND, seconds(600));
    assertThat(unwraps()).isEmpty();
    script.read(BACKEND, seconds(601));
    assertThat(unwraps())
        .singleElement()
        .satisfies(
            spell -> {
              assertThat(spell.what().actor()).contains("keys");
              assertThat(spell.first().position()).isZero();
            });
  }

  @ParameterizedTest
  @CsvSource({"epoch-begun, -590", "epoch-begun, 590", "restore, -10", "restore, 0"})
  void anUnwrapBesideItsCauseIsNoAlarm(String cause, int after) {
    if (after < 0) {
      script.keys(new Kind(cause), seconds(after));
    }
    script.keys(Kind.EPOCH_UNWRAPPED, TEN);
    if (after >= 0) {
      script.keys(new Kind(cause), seconds(after));
    }
    script.read(BACKEND, seconds(7_200));
    assertThat(unwraps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "command"})
  void whoSaysWhyIsNoAlarm(String why) {
    script.keys(Kind.EPOCH_UNWRAPPED, TEN, why);
    script.read(BACKEND, seconds(7_200));
    assertThat(unwraps()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"epoch-begun, 610", "epoch-destroyed, 10", "read, 10"})
  void whatIsNoCauseOrFarAwayExplainsNothing(String other, int after) {
    script.keys(Kind.EPOCH_UNWRAPPED, TEN).keys(new Kind(other), seconds(after));
    script.read(BACKEND, seconds(7_200));
    assertThat(unwraps()).hasSize(1);
  }

  @Test
  void aStartUnwrapsAndSaysSo() {
    script.keys(Kind.EPOCH_UNWRAPPED, TEN, "start").keys(Kind.EPOCH_UNWRAPPED, TEN, "curiosity");
    script.read(BACKEND, seconds(7_200));
    assertThat(unwraps())
        .singleElement()
        .satisfies(s -> assertThat(s.first().position()).isEqualTo(1));
  }

  @Test
  void moreUnwrapsThanAreRememberedAreJudgedAtOnce() {
    for (int i = 0; i <= EpochUnwrap.MOST; i++) {
      script.keys(Kind.EPOCH_UNWRAPPED, seconds(i));
    }
    assertThat(unwraps()).hasSize(1);
  }

  // ---------------------------------------------------------------------------------------- all

  @Test
  void whatTheWatchItselfDoesIsNotUnusual() {
    Instant night = at("2026-03-03T03:00");
    for (int i = 0; i < 2_000; i++) {
      script.add(
          Facts.of(Kind.ALARM, night, Outcome.PERMITTED, Caller.of(Caller.SYSTEM, "watch"))
              .reason(new Reason("alarm", Optional.of("bulk-reads"), Optional.of("IV.2")))
              .target("lee")
              .purpose("promotion")
              .build(),
          false);
    }
    assertThat(new Rules(USUAL, Map.of(Script.LOG, 0L)).see(script.entries())).isEmpty();
  }

  @Test
  void aGapIsNotPassedOver() {
    script.read(LEE, TEN).read(LEE, TEN).read(LEE, TEN);
    script.entries().remove(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> new Rules(USUAL, Map.of(Script.LOG, 0L)).see(script.entries()))
        .withMessageContaining("position 1");
  }
}
