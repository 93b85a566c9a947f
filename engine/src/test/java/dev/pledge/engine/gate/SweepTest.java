package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is no longer kept is deleted by sweeps, which nothing depends on. */
class SweepTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FaultyDataSource FAULTY = new FaultyDataSource(DATABASE.dataSource());
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);

  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.on(
          DATABASE,
          CLOCK.over(
              new Connections(FAULTY, DATABASE.owner(), DATABASE.connections().applicationRole())));

  private static final Duration DAY = Duration.ofDays(1);

  private final Scene scene = new Scene(PLEDGE);

  @BeforeEach
  @AfterEach
  void backToNow() {
    FAULTY.reset();
    CLOCK.shift(Duration.ZERO);
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void whatIsDueIsRefusedAtOnceReportedAndDeletedByTheNextSweep() {
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(190));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Absent.class);
    assertThat(rows("observation", person)).isEqualTo(1);
    OfCategory before = ofLog();
    assertThat(before.due()).isPositive();
    assertThat(before.late()).isEqualTo(before.due());
    assertThat(PLEDGE.pledge().sweep()).isPositive();
    assertThat(rows("observation", person)).isZero();
    OfCategory after = ofLog();
    assertThat(after.due()).isZero();
    assertThat(after.late()).isZero();
    assertThat(after.done()).isEqualTo(before.done() + before.due());
    RetentionReport report = PLEDGE.pledge().retention(scene.backend);
    assertThat(report.complete()).isTrue();
    assertThat(report.beganAt()).isPresent();
    assertThat(report.endedAt()).isPresent();
    assertThat(report.days()).hasSize(30);
    assertThat(report.days().stream().mapToLong(OfDay::done).sum())
        .isEqualTo(report.categories().stream().mapToLong(OfCategory::done).sum());
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void theHistoryOfThePersonTellsWhatWentAndWhy() {
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(190));
    PLEDGE.pledge().sweep();
    Facts entry = expiries(person).getFirst();
    assertThat(entry.verdicts())
        .anySatisfy(
            verdict -> {
              assertThat(verdict.field()).isEqualTo("log.feature-use");
              assertThat(verdict.count()).isEqualTo(1);
            });
    assertThat(entry.toString()).contains("retention", "IV.1");
  }

  @Test
  @Clause("IV.1")
  void whatIsNotDueStays() {
    SubjectId person = withUse();
    scene.collect(person, Map.of("device.language", "en"));
    CLOCK.shift(DAY.multipliedBy(170));
    PLEDGE.pledge().sweep();
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
    assertThat(rows("datum", person)).isEqualTo(2);
    assertThat(expiries(person)).isEmpty();
  }

  @Test
  @Clause({"II.II.3", "IV.1", "V.2"})
  void aWithdrawnConsentEndsWhatOnlyItJustified() {
    SubjectId person = withUse();
    scene.withdraw(person, "recommendation");
    CLOCK.shift(DAY.multipliedBy(14));
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isEqualTo(1);
    CLOCK.shift(DAY.multipliedBy(16));
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isZero();
  }

  @Test
  @Clause({"V.3", "II.II.3"})
  void whatEndsWithTheAccountGoesWithItsAliases() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    PLEDGE.change(scene.backend, changes -> changes.close(person, "meeting", Set.of()).outcome());
    CLOCK.shift(DAY.multipliedBy(14));
    PLEDGE.pledge().sweep();
    assertThat(rows("datum", person)).isEqualTo(2);
    CLOCK.shift(DAY.multipliedBy(16));
    PLEDGE.pledge().sweep();
    assertThat(rows("datum", person) + rows("alias", person)).isZero();
    assertThat(expiries(person)).hasSize(1);
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void whatASweepDeletedDoesNotOpenAgain() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    SubjectId other = scene.adult();
    String whose = " where subject_id = '" + person.value() + "'";
    owner("create table old_datum as select * from datum" + whose);
    PLEDGE.change(scene.backend, changes -> changes.close(person, "meeting", Set.of()).outcome());
    CLOCK.shift(DAY.multipliedBy(30));
    PLEDGE.pledge().sweep();
    assertThat(rows("datum", person)).isZero();
    CLOCK.shift(Duration.ZERO);
    owner("update subject set closed_at = array[null::timestamptz]" + whose);
    owner("insert into datum select * from old_datum");
    owner("drop table old_datum");
    assertThatThrownBy(() -> scene.clear(person, "settings", "device.language"))
        .isInstanceOf(UnsealException.class);
    scene.collect(other, Map.of("device.language", "en"));
    assertThat(scene.clear(other, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void theMonthOfASeriesThatASweepDeletedDoesNotOpenAgainAndTheNextOneDoes() {
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(40));
    collectUse(person, "2026-01-02T00:00:00Z");
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
    owner(
        "create table old_observation as select * from observation where subject_id = '"
            + person.value()
            + "'");
    CLOCK.shift(DAY.multipliedBy(190));
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isEqualTo(1);
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
    CLOCK.shift(DAY.multipliedBy(40));
    owner("insert into observation select * from old_observation on conflict do nothing");
    owner("drop table old_observation");
    assertThatThrownBy(() -> use(person)).isInstanceOf(UnsealException.class);
  }

  @Test
  @Clause({"II.II.3", "II.I.7"})
  void whatAHoldIsOnIsSetAsideAndOpensForThatHoldAlone() {
    SubjectId person = withUse();
    Caller officer = scene.staff("hold-officer", "privacy-officer");
    HoldRequest request =
        new HoldRequest(
            "court-order",
            "meeting",
            List.of("log.feature-use"),
            TestPledge.now().plus(DAY.multipliedBy(400)),
            "(2026) 7",
            Optional.empty());
    HoldPlaced.Placed hold =
        (HoldPlaced.Placed)
            PLEDGE.<HoldPlaced>change(officer, changes -> changes.hold(person, request));
    CLOCK.shift(DAY.multipliedBy(190));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Absent.class);
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isZero();
    assertThat(ofLog().held()).isPositive();
    Caller counsel = scene.staff("hold-counsel", "legal");
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100);
    assertThat(opened.values()).hasSize(1);
    PLEDGE.<Outcome>change(officer, changes -> changes.lift(hold.hold()));
    assertThat(ofLog().held()).isZero();
  }

  @Test
  @Clause({"II.II.3", "VI.1"})
  void whatRegistrationToldOfAnAdultsBirthGoesWithTheAccount() {
    SubjectId adult = scene.adult();
    LocalDate tenYearsAgo = LocalDate.ofInstant(TestPledge.now(), ZoneOffset.UTC).minusYears(10);
    Registered registered =
        scene.register(
            scene.backend,
            new Registration(
                "meeting",
                Map.of(),
                tenYearsAgo,
                TestPledge.acceptance(),
                List.of(TestPledge.choice("settings", Answer.GRANTED, By.GUARDIAN)),
                null));
    SubjectId child = ((Registered.Subject) registered).subject();
    assertThat(births(adult, child)).isEqualTo(2);
    for (SubjectId person : List.of(adult, child)) {
      PLEDGE.change(scene.backend, changes -> changes.close(person, "meeting", Set.of()));
    }
    CLOCK.shift(DAY.multipliedBy(14));
    PLEDGE.pledge().sweep();
    assertThat(births(adult, child)).isEqualTo(2);
    CLOCK.shift(DAY.multipliedBy(16));
    PLEDGE.pledge().sweep();
    assertThat(births(adult)).isZero();
    assertThat(births(child)).isEqualTo(1);
    assertThat(scene.last(adult).kind()).isEqualTo(Kind.EXPIRE);
    assertThat(PLEDGE.pledge().sweep()).isZero();
  }

  private static int births(SubjectId... people) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select count(birth_sealed) from subject where subject_id = any(:people)")
                    .bind("people", Stream.of(people).map(SubjectId::value).toArray(UUID[]::new))
                    .mapTo(Integer.class)
                    .one());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }

  @Test
  @Clause("II.II.3")
  void whoIsNotThereForYearsIsForgottenFieldByField() {
    SubjectId person = scene.adult();
    CLOCK.shift(DAY.multipliedBy(3 * 365 + 3));
    PLEDGE.pledge().sweep();
    assertThat(rows("datum", person) + rows("alias", person)).isZero();
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void whoIsDormantIsUsedForNothingAndForgottenOnceTheTermIsOver() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    CLOCK.shift(DAY.multipliedBy(2 * 365 + 3));
    PLEDGE.pledge().sweep();
    assertThat(scene.refusal(scene.backend, person, "settings", "device.language"))
        .isEqualTo("dormant");
    assertThat(rows("datum", person)).isEqualTo(2);
    CLOCK.shift(DAY.multipliedBy(3 * 365 + 3));
    PLEDGE.pledge().sweep();
    assertThat(rows("datum", person) + rows("alias", person)).isZero();
    assertThat(expiries(person)).hasSize(1);
  }

  @Test
  @Clause("IV.1")
  void aClockSetBackDeletesNothingEarlyAndStopsNothing() {
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(100));
    PLEDGE.pledge().sweep();
    CLOCK.shift(DAY.multipliedBy(-300));
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isEqualTo(1);
    CLOCK.shift(DAY.multipliedBy(190));
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isZero();
  }

  @Test
  @Clause("IV.1")
  void severalSweepersDeleteAndEnterOnce() throws Exception {
    List<SubjectId> people = Stream.generate(this::withUse).limit(40).toList();
    CLOCK.shift(DAY.multipliedBy(190));
    PLEDGE.pledge().sweep();
    CLOCK.shift(Duration.ZERO);
    List<SubjectId> more = Stream.generate(this::withUse).limit(40).toList();
    CLOCK.shift(DAY.multipliedBy(190));
    List<Future<Long>> sweeping = new ArrayList<>();
    try (ExecutorService sweepers = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        sweeping.add(sweepers.submit(() -> PLEDGE.pledge().sweep()));
      }
    }
    long deleted = 0;
    for (Future<Long> each : sweeping) {
      deleted += each.get();
    }
    assertThat(deleted).isGreaterThanOrEqualTo(40);
    assertThat(people).allSatisfy(person -> assertThat(expiries(person)).hasSize(1));
    assertThat(more).allSatisfy(person -> assertThat(expiries(person)).hasSize(1));
  }

  /** How a connection may break at the n-th point, and how many points were passed. */
  private record Fault(IntConsumer arm, IntSupplier passed) {}

  @Test
  @Clause({"IV.1", "IV.2"})
  void aSweepThatBreaksAnywhereIsDoneWholeOrNotAndGoneOnWith() {
    var _ = PLEDGE.pledge().sweep();
    List<Fault> faults =
        List.of(
            new Fault(FAULTY::failStatement, FAULTY::statements),
            new Fault(FAULTY::loseStatementReply, FAULTY::statements),
            new Fault(FAULTY::failCommit, FAULTY::commits),
            new Fault(FAULTY::loseCommitReply, FAULTY::commits));
    for (Fault fault : faults) {
      int broken = 0;
      for (int n = 1; survives(fault, n); n++) {
        broken++;
      }
      assertThat(broken).isGreaterThan(2);
    }
  }

  /** Whether the n-th point was reached, and so whether there may be a next. */
  private boolean survives(Fault fault, int n) {
    CLOCK.shift(Duration.ZERO);
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(190));
    lookOnlyAt(person);
    long before = expired();
    fault.arm.accept(n);
    try {
      var _ = PLEDGE.pledge().sweep();
    } catch (DatabaseFailed broken) {
      assertThat(expired() - before).isEqualTo(rows("observation", person) == 0 ? 1 : 0);
    }
    boolean reached = fault.passed.getAsInt() >= n;
    FAULTY.reset();
    var _ = PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isZero();
    assertThat(expiries(person)).hasSize(1);
    return reached;
  }

  /** Leaves to the next round only the share that the person is in. */
  private static void lookOnlyAt(SubjectId person) {
    Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createUpdate(
                        """
                        update sweep_range set round = (select round + 1 from sweep)
                        where number <> :share
                        """)
                    .bind("share", person.value().getMostSignificantBits() >>> 58)
                    .execute());
  }

  private static long expired() {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select coalesce(sum(count), 0) from expired")
                    .mapTo(Long.class)
                    .one());
  }

  @Test
  @Clause("IV.1")
  void withoutTheDatabaseNothingIsLostAndWhatIsLateIsSaid() {
    SubjectId person = withUse();
    CLOCK.shift(DAY.multipliedBy(190));
    FAULTY.goAway();
    assertThatThrownBy(() -> PLEDGE.pledge().sweep()).isInstanceOf(DatabaseFailed.class);
    FAULTY.reset();
    assertThat(ofLog().late()).isPositive();
    PLEDGE.pledge().sweep();
    assertThat(rows("observation", person)).isZero();
    assertThat(ofLog().late()).isZero();
  }

  @Test
  @Clause({"IV.1", "V.1"})
  void collectingAndErasingBesideASweepLeaveNothingHalf() throws Exception {
    List<SubjectId> people = Stream.generate(this::withUse).limit(30).toList();
    CLOCK.shift(DAY.multipliedBy(190));
    try (ExecutorService others = Executors.newFixedThreadPool(2)) {
      Future<?> erasing =
          others.submit(
              () ->
                  people
                      .subList(0, 15)
                      .forEach(
                          person ->
                              PLEDGE.change(scene.backend, changes -> changes.erase(person))));
      Future<?> collecting =
          others.submit(
              () ->
                  people
                      .subList(15, 30)
                      .forEach(person -> scene.collect(person, Map.of("device.language", "en"))));
      PLEDGE.pledge().sweep();
      erasing.get();
      collecting.get();
    }
    PLEDGE.pledge().sweep();
    for (SubjectId person : people) {
      assertThat(rows("observation", person)).isZero();
    }
    for (SubjectId person : people.subList(0, 15)) {
      assertThat(rows("datum", person) + rows("alias", person)).isZero();
    }
    for (SubjectId person : people.subList(15, 30)) {
      assertThat(rows("datum", person)).isEqualTo(2);
      assertThat(expiries(person)).hasSize(1);
    }
  }

  @Test
  void theReportIsOnTheLog() {
    RetentionReport report = PLEDGE.pledge().retention(scene.backend);
    assertThat(report.receipt().isDurable()).isTrue();
    assertThat(report.categories()).extracting(OfCategory::category).contains("log", "contact");
  }

  // -------------------------------------------------------------------------------------- helpers

  private SubjectId withUse() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    collectUse(person, "2026-01-01T00:00:00Z");
    return person;
  }

  private void collectUse(SubjectId person, String observedAt) {
    scene.collect(
        person,
        Map.of(
            "log.feature-use",
            List.of(
                Map.of(
                    "observedAt",
                    observedAt,
                    "value",
                    Map.of("event", "open", "attributes", Map.of())))));
  }

  private FieldAnswer use(SubjectId person) {
    return scene
        .read(scene.backend, person, "recommendation", "log.feature-use")
        .fields()
        .getFirst();
  }

  private List<Facts> expiries(SubjectId person) {
    return scene.history(person).stream()
        .map(line -> line.recorded().entry().facts())
        .filter(facts -> facts.kind().equals(Kind.EXPIRE))
        .toList();
  }

  private OfCategory ofLog() {
    return PLEDGE.pledge().retention(scene.backend).categories().stream()
        .filter(category -> category.category().equals("log"))
        .findFirst()
        .orElseThrow();
  }

  private static long rows(String table, SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from " + table + " where subject_id = :person")
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
  }
}
