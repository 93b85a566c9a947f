package dev.pledge.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.watch.Script.Who;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is spread over several logs is watched as if it were in one. */
@Clause({"IV.2", "IV.3"})
class SeveralLogsTest {
  private static final WatchSettings USUAL = WatchSettings.usual(ZoneId.of("Asia/Shanghai"));
  private static final Instant TEN = Instant.parse("2026-03-03T02:00:00Z");
  private static final Who LEE = Who.staff("lee");
  private static final Who BACKEND = Who.service("backend");

  private final WatchRoom room = new WatchRoom();
  private final Script one = new Script("one");
  private final Script two = new Script("two");

  @AfterEach
  void close() {
    room.close();
  }

  private Watch watch() {
    return watch(room.database());
  }

  private Watch watch(Database through) {
    return room.watch(Map.of("one", one.feed(), "two", two.feed()), USUAL, through);
  }

  /** Looks at nobody, by turns in the one log and the other. */
  private void strangers(int count, Instant from) {
    for (int i = 0; i < count; i++) {
      (i % 2 == 0 ? one : two).nobody(Kind.LOOKUP, LEE, from.plusSeconds(i));
    }
  }

  private List<Alarm> alarms() {
    return room.all(Alarms.Which.ALL, 2);
  }

  private Alarm only() {
    assertThat(alarms()).hasSize(1);
    return alarms().getFirst();
  }

  private Map<String, Long> watched() {
    return room.alarms().list(WatchRoom.staff("sue"), Alarms.Which.ALL, null, 1).watched().stream()
        .collect(java.util.stream.Collectors.toMap(Watched::log, Watched::entries));
  }

  @Test
  void whatOneActorDoesIsCountedTogether() {
    strangers(14, TEN);
    watch().catchUp();
    assertThat(alarms()).isEmpty();
    room.letTheLeaseEnd();
    strangers(2, TEN.plusSeconds(20));
    watch().catchUp();
    assertThat(only().rule()).isEqualTo(RuleName.ENUMERATION);
    assertThat(only().count()).isEqualTo(16);
    assertThat(only().first()).isEqualTo(new Place("one", 0));
    assertThat(only().last()).isEqualTo(new Place("two", 7));
    assertThat(watched()).containsExactlyInAnyOrderEntriesOf(Map.of("one", 8L, "two", 8L));
  }

  @Test
  void whatHappenedAtOneTimeIsSeenTogetherHoweverMuchIsBehind() {
    // Hours of work in the one log alone before and after, so that a batch is full long before.
    for (int i = 0; i < 2 * Watch.TOGETHER; i++) {
      one.read(BACKEND, TEN.plusSeconds(10L * i));
    }
    Instant later = TEN.plusSeconds(20L * Watch.TOGETHER);
    strangers(15, later);
    for (int i = 0; i < 2 * Watch.TOGETHER; i++) {
      two.read(BACKEND, later.plusSeconds(60 + 10L * i));
    }
    watch().catchUp();
    assertThat(only().count()).isEqualTo(15);
    assertThat(watched())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("one", (long) one.entries().size(), "two", (long) two.entries().size()));
  }

  @Test
  void aRestartNeitherForgetsNorRepeats() {
    for (int i = 0; i < 20; i++) {
      (i % 3 == 0 ? one : two).nobody(Kind.LOOKUP, LEE, TEN.plusSeconds(i));
      try (Watch watch = watch()) {
        watch.catchUp();
      }
    }
    assertThat(only().count()).isEqualTo(20);
    assertThat(only().first()).isEqualTo(new Place("one", 0));
  }

  /** An unwrap is judged later, so whether it was must not depend on the order of the logs. */
  @Test
  void whatIsJudgedLaterIsJudgedOnceInWhicheverOrderTheLogsAreReadAgain() {
    one.read(BACKEND, TEN.plus(Duration.ofHours(1)));
    try (Watch watch = watch()) {
      watch.catchUp();
    }
    two.keys(Kind.EPOCH_UNWRAPPED, TEN);
    try (Watch watch = watch()) {
      watch.catchUp();
    }
    one.read(BACKEND, TEN.plus(Duration.ofHours(2)));
    try (Watch watch = watch()) {
      watch.catchUp();
    }
    assertThat(only().rule()).isEqualTo(RuleName.EPOCH_UNWRAP);
    assertThat(only().first()).isEqualTo(new Place("two", 0));
  }

  /** At every statement and at the commit, before it reaches the server and after. */
  @ParameterizedTest
  @ValueSource(strings = {"statement", "reply", "commit", "commit-reply"})
  void aFailureAnywhereNeitherLosesAnAlarmNorRepeatsIt(String where) {
    FaultyDataSource faulty = new FaultyDataSource(room.test().dataSource());
    Watch watch = watch(Database.over(faulty));
    int failures = 0;
    for (int nth = 1; nth <= 6; nth++) {
      strangers(20, TEN.plus(Duration.ofHours(nth)));
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
    }
    assertThat(failures).isGreaterThan(1);
  }

  @Test
  void oneNodeWatchesAllOfThemAtATime() {
    Watch first = watch();
    first.catchUp();
    strangers(20, TEN);
    Watch second = watch();
    second.catchUp();
    assertThat(alarms()).as("the other has them").isEmpty();
    room.letTheLeaseEnd();
    second.catchUp();
    assertThat(only().count()).isEqualTo(20);
    strangers(2, TEN.plusSeconds(20));
    first.catchUp();
    assertThat(only().count()).as("they are not its own any more").isEqualTo(20);
  }

  @Test
  void aLogThatIsAddedIsWatchedFromItsBeginning() {
    try (Watch alone = room.watch(Map.of("one", one.feed()), USUAL, room.database())) {
      strangers(14, TEN);
      alone.catchUp();
    }
    assertThat(alarms()).isEmpty();
    assertThat(watched()).isEqualTo(Map.of("one", 7L));
    two.nobody(Kind.LOOKUP, LEE, TEN.plusSeconds(20)).nobody(Kind.LOOKUP, LEE, TEN.plusSeconds(21));
    watch().catchUp();
    assertThat(only().count()).isEqualTo(16);
  }

  @Test
  void aLogThatLacksSomethingIsNamedAndNothingIsPassedOver() {
    strangers(20, TEN);
    watch().catchUp();
    two.entries().removeLast();
    room.letTheLeaseEnd();
    assertThatThrownBy(watch()::catchUp)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("log `two` ends before position 10");
    Recorded strange = one.entries().removeFirst();
    assertThatThrownBy(() -> new Rules(USUAL, Map.of("two", 0L)).see(List.of(strange)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("`one`");
    assertThat(Optional.of(only()).map(Alarm::count)).contains(20L);
  }
}
