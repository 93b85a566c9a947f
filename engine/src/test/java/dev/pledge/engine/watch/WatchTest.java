package dev.pledge.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.watch.Alarm.Finding;
import dev.pledge.engine.watch.Script.Who;
import dev.pledge.log.ByteString;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Reason;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms: raised once each, whatever happens, and acknowledged by somebody else. */
@Clause({"IV.2", "IV.3"})
class WatchTest {
  private static final WatchSettings USUAL = WatchSettings.usual(ZoneId.of("Asia/Shanghai"));
  private static final Instant TEN = Instant.parse("2026-03-03T02:00:00Z");
  private static final Who LEE = Who.staff("lee");

  private final WatchRoom room = new WatchRoom();
  private final Script script = new Script();

  @AfterEach
  void close() {
    room.close();
  }

  private Watch watch() {
    return room.watch(script.feed(), USUAL);
  }

  private void strangers(int count, Instant from) {
    for (int i = 0; i < count; i++) {
      script.nobody(Kind.LOOKUP, LEE, from.plusSeconds(i));
    }
  }

  private List<Alarm> alarms() {
    return room.all(Alarms.Which.ALL, 2);
  }

  private Alarm only() {
    assertThat(alarms()).hasSize(1);
    return alarms().getFirst();
  }

  private List<Facts> logged(Kind kind) {
    return room.logged().stream().filter(facts -> facts.kind().equals(kind)).toList();
  }

  // ------------------------------------------------------------------------------------- raising

  @Test
  void anAlarmNamesActorRuleAndPositionsAndIsOnTheLog() {
    strangers(20, TEN);
    watch().catchUp();
    Alarm alarm = only();
    assertThat(alarm.rule()).isEqualTo(RuleName.ENUMERATION);
    assertThat(alarm.actor()).contains("lee");
    assertThat(alarm.first().position()).isZero();
    assertThat(alarm.last().position()).isEqualTo(19);
    assertThat(alarm.count()).isEqualTo(20);
    assertThat(alarm.lastAt()).isEqualTo(TEN.plusSeconds(19));
    assertThat(logged(Kind.ALARM))
        .singleElement()
        .satisfies(
            facts -> {
              assertThat(facts.target()).contains("lee");
              assertThat(facts.caller().type()).isEqualTo("system");
              assertThat(facts.reason().flatMap(Reason::reason)).contains("enumeration");
            });
  }

  @Test
  void whatGoesOnExtendsTheAlarmThatIsOpen() {
    Watch watch = watch();
    strangers(15, TEN);
    watch.catchUp();
    UUID first = only().id();
    strangers(30, TEN.plusSeconds(60));
    watch.catchUp();
    assertThat(only().id()).isEqualTo(first);
    assertThat(only().count()).isEqualTo(45);
    assertThat(only().last().position()).isEqualTo(44);
    assertThat(logged(Kind.ALARM)).hasSize(1);
    strangers(15, TEN.plus(Duration.ofHours(2)));
    watch.catchUp();
    assertThat(alarms()).hasSize(2);
  }

  @Test
  void whatGoesOnAfterItWasAcknowledgedIsAnotherAlarm() {
    Watch watch = watch();
    strangers(15, TEN);
    watch.catchUp();
    room.acknowledge(WatchRoom.staff("sue"), only().id(), Finding.JUSTIFIED);
    strangers(1, TEN.plusSeconds(20));
    watch.catchUp();
    assertThat(alarms()).hasSize(2);
    assertThat(alarms().getFirst().count()).isEqualTo(16);
    assertThat(alarms().getLast().count()).isEqualTo(15);
  }

  @Test
  void aFirstUseIsToldOfThoseWhoAreNotNew() {
    Watch watch = watch();
    script.read(LEE, TEN, "customer-service").read(LEE, TEN.plusSeconds(1), "security");
    Instant later = TEN.plus(Duration.ofDays(15));
    script.read(LEE, later, "security").read(Who.staff("new"), later, "security");
    watch.catchUp();
    assertThat(alarms()).isEmpty();
    script.read(LEE, later.plusSeconds(1), "promotion").read(LEE, later, "promotion");
    watch.catchUp();
    assertThat(only().rule()).isEqualTo(RuleName.FIRST_USE);
    assertThat(only().purpose()).contains("promotion");
    assertThat(only().first().position()).isEqualTo(4);
    watch.close();
    script.read(LEE, later.plusSeconds(2), "promotion");
    watch().catchUp();
    assertThat(alarms()).as("the table remembers what the rule does not").hasSize(1);
  }

  // ---------------------------------------------------------------------------- once, and no less

  @Test
  void aRestartNeitherForgetsNorRepeats() {
    for (int i = 0; i < 20; i++) {
      strangers(1, TEN.plusSeconds(i));
      try (Watch watch = watch()) {
        watch.catchUp();
      }
    }
    assertThat(only().count()).isEqualTo(20);
    assertThat(only().first().position()).isZero();
    assertThat(logged(Kind.ALARM)).hasSize(1);
  }

  @Test
  void oneNodeWatchesAtATime() {
    Watch one = watch();
    Watch two = watch();
    strangers(10, TEN);
    one.catchUp();
    strangers(10, TEN.plusSeconds(10));
    two.catchUp();
    assertThat(alarms()).as("the other has it").isEmpty();
    room.letTheLeaseEnd();
    two.catchUp();
    assertThat(only().count()).isEqualTo(20);
    strangers(1, TEN.plusSeconds(20));
    one.catchUp();
    assertThat(only().count()).as("it is not its own any more").isEqualTo(20);
    two.catchUp();
    assertThat(only().count()).isEqualTo(21);
  }

  @Test
  void aNodeThatGoesReleasesTheWatch() {
    strangers(10, TEN);
    try (Watch one = watch()) {
      one.catchUp();
    }
    strangers(5, TEN.plusSeconds(10));
    watch().catchUp();
    assertThat(only().count()).isEqualTo(15);
  }

  /** At every statement and at the commit, before it reaches the server and after. */
  @ParameterizedTest
  @ValueSource(strings = {"statement", "reply", "commit", "commit-reply"})
  void aFailureAnywhereNeitherLosesAnAlarmNorRepeatsIt(String where) {
    FaultyDataSource faulty = new FaultyDataSource(room.test().dataSource());
    Database breaking = Database.over(faulty);
    Watch watch = room.watch(script.feed(), USUAL, breaking);
    int failures = 0;
    for (int nth = 1; nth <= 6; nth++) {
      Instant at = TEN.plus(Duration.ofHours(nth));
      strangers(20, at);
      switch (where) {
        case "statement" -> faulty.failStatement(nth);
        case "reply" -> faulty.loseStatementReply(nth);
        case "commit" -> faulty.failCommit(1);
        default -> faulty.loseCommitReply(1);
      }
      try {
        watch.catchUp();
      } catch (DatabaseUnavailable | CommitUnknown broken) {
        failures++;
      }
      faulty.reset();
      watch.catchUp();
      assertThat(alarms()).hasSize(nth);
      assertThat(alarms().getFirst().count()).isEqualTo(20);
      assertThat(logged(Kind.ALARM)).hasSize(nth);
    }
    assertThat(failures).isGreaterThan(1);
  }

  @Test
  void aGapStopsTheWatchAndNothingIsPassedOver() {
    strangers(20, TEN);
    script.entries().remove(5);
    Watch watch = watch();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(watch::catchUp)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("position 5");
    }
    assertThat(room.alarms().list(WatchRoom.staff("sue"), Alarms.Which.ALL, null, 5).watched())
        .containsExactly(new Watched(Script.LOG, 0, Optional.empty()));
  }

  @Test
  void aLogThatLostItsEndIsNotWatchedOn() {
    strangers(20, TEN);
    watch().catchUp();
    script.entries().removeLast();
    room.letTheLeaseEnd();
    assertThatThrownBy(watch()::catchUp)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("restore it");
  }

  @Test
  void whatIsNoLongerKeptIsPassedOver() {
    strangers(5, TEN);
    watch().catchUp();
    strangers(35, TEN.plus(Duration.ofDays(1_200)));
    script.letGoBefore(25);
    room.letTheLeaseEnd();
    watch().catchUp();
    assertThat(only().first().position()).isEqualTo(25);
    assertThat(only().count()).isEqualTo(15);
  }

  @Test
  void aWatchBeginsWithTheFirstEntryThatIsKept() {
    strangers(20, TEN);
    script.letGoBefore(5);
    watch().catchUp();
    assertThat(only().first().position()).isEqualTo(5);
  }

  @Test
  void howFarItHasComeIsTold() {
    strangers(3, TEN);
    watch().catchUp();
    AlarmPage page = room.alarms().list(WatchRoom.staff("sue"), Alarms.Which.ALL, null, 5);
    assertThat(page.watched().getFirst().entries()).isEqualTo(3);
    assertThat(page.watched().getFirst().at()).contains(TEN.plusSeconds(2));
  }

  // ------------------------------------------------------------------------------- acknowledging

  private UUID raised() {
    strangers(15, TEN);
    watch().catchUp();
    return only().id();
  }

  @Test
  void anAlarmIsAcknowledgedOnceWithAFinding() {
    UUID alarm = raised();
    assertThat(room.acknowledge(WatchRoom.staff("sue"), alarm, Finding.FALSE_ALARM))
        .isInstanceOf(Acknowledged.Done.class);
    assertThat(only().done().orElseThrow().finding()).isEqualTo(Finding.FALSE_ALARM);
    assertThat(only().done().orElseThrow().by().value()).isEqualTo("sue");
    assertThat(room.acknowledge(WatchRoom.staff("tom"), alarm, Finding.UNJUSTIFIED))
        .isInstanceOf(Acknowledged.Already.class);
    assertThat(only().done().orElseThrow().finding()).isEqualTo(Finding.FALSE_ALARM);
    assertThat(logged(Kind.ACKNOWLEDGE))
        .extracting(facts -> facts.outcome().name() + " " + facts.reason().orElseThrow().reason())
        .containsExactly(
            "PERMITTED Optional[false-alarm]", "REFUSED Optional[already-acknowledged]");
    assertThat(logged(Kind.ACKNOWLEDGE))
        .allMatch(facts -> facts.target().equals(Optional.of("lee")))
        .allMatch(facts -> facts.digest().equals(Optional.of(hashOf(alarm))), "which alarm");
  }

  private static ByteString hashOf(UUID id) {
    byte[] bytes = ByteString.ofHex(id.toString().replace("-", "")).toByteArray();
    return ByteString.of(Sha256.digest().digest(bytes));
  }

  @Test
  void nobodyAcknowledgesTheirOwnAlarmAndNoProgramAny() {
    UUID alarm = raised();
    for (Caller caller :
        List.of(
            WatchRoom.staff("lee"),
            WatchRoom.caller("backend", Asker.Kind.SERVICE),
            WatchRoom.caller("courier", Asker.Kind.PARTNER))) {
      assertThat(room.acknowledge(caller, alarm, Finding.JUSTIFIED))
          .isInstanceOf(Acknowledged.Refused.class);
    }
    assertThat(only().done()).isEmpty();
    assertThat(logged(Kind.ACKNOWLEDGE)).hasSize(3);
    assertThat(room.acknowledge(WatchRoom.staff("sue"), UUID.randomUUID(), Finding.JUSTIFIED))
        .isInstanceOf(Acknowledged.Unknown.class);
    assertThat(logged(Kind.ACKNOWLEDGE))
        .filteredOn(facts -> facts.digest().isEmpty())
        .as("an id that is no alarm's stands nowhere")
        .singleElement()
        .satisfies(facts -> assertThat(facts.target()).isEmpty());
  }

  @Test
  void openAlarmsAreListedFirstAndTheListIsOnTheLog() {
    Watch watch = watch();
    for (int i = 0; i < 5; i++) {
      strangers(15, TEN.plus(Duration.ofHours(i)));
      watch.catchUp();
    }
    List<UUID> newestFirst = alarms().stream().map(Alarm::id).toList();
    room.acknowledge(WatchRoom.staff("sue"), newestFirst.getFirst(), Finding.JUSTIFIED);
    assertThat(alarms()).extracting(Alarm::id).endsWith(newestFirst.getFirst());
    assertThat(alarms()).extracting(Alarm::id).startsWith(newestFirst.get(1), newestFirst.get(2));
    assertThat(room.all(Alarms.Which.OPEN, 3))
        .extracting(Alarm::id)
        .isEqualTo(newestFirst.subList(1, 5));
    assertThat(logged(Kind.ALARMS)).hasSizeGreaterThan(5);
    for (String cursor : Set.of("x", "AAAA", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> room.alarms().list(WatchRoom.staff("sue"), Alarms.Which.ALL, cursor, 5));
    }
  }
}
