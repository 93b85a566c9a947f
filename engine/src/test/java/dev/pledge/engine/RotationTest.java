package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing the epoch of keys while people are served, and what old copies are worth afterwards. */
@Clause({"IV.4", "II.II.3"})
class RotationTest {
  private static final int RATE = 1_000_000;
  private static final Duration GRACE = Duration.ofDays(30);

  private TestDatabase data;
  private TestPledge pledge;
  private Scene scene;

  @BeforeEach
  void open() {
    data = TestDatabase.fresh();
    pledge = TestPledge.on(data);
    scene = new Scene(pledge);
  }

  @AfterEach
  void close() {
    pledge.close();
  }

  @Test
  void everythingIsBroughtOverAndReadAsBefore() throws InterruptedException {
    String email = Scene.address();
    SubjectId person = named(email);
    read(person);
    awaitPlaces();
    begin();
    rotate();
    for (String table : List.of("subject_key", "intake")) {
      assertThat(count("select count(*) from " + table + " where epoch = 1")).as(table).isZero();
    }
    assertThat(count("select count(*) from rotation where ready_at is not null")).isOne();
    assertReadable(person, email);
    destroy();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(2);
    assertThat(count("select count(*) from alias where epoch = 1")).isZero();
    pledge.restart();
    assertReadable(person, email);
    assertThat(Files.exists(bundle(1))).isFalse();
  }

  private void assertReadable(SubjectId person, String email) {
    assertThat(read(person)).isEqualTo("Wei");
    assertThat(pledge.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(person));
    AccessHistory history = pledge.pledge().history(scene.backend, person, null, 100);
    assertThat(((AccessHistory.Page) history).lines())
        .extracting(line -> line.recorded().entry().facts().kind())
        .contains(Kind.REGISTER, Kind.COLLECT, Kind.READ);
  }

  @Test
  void anOldCopyOpensNobodyOnceTheKeysOfItsEpochAreDestroyed() {
    SubjectId person = named(Scene.address());
    owner("create table old_key as select * from subject_key");
    owner("create table new_key as select * from subject_key where false");
    begin();
    rotate();
    owner("insert into new_key select * from subject_key");
    putBack("old_key");
    assertThat(read(person)).as("as long as they live").isEqualTo("Wei");
    putBack("new_key");
    destroy();
    putBack("old_key");
    assertThatThrownBy(() -> read(person))
        .isInstanceOf(UnsealException.class)
        .hasMessageContaining("epoch 1 does not live");
    putBack("new_key");
    assertThat(read(person)).as("with what the journal has").isEqualTo("Wei");
  }

  @Test
  void anEpochWhoseBeginningACrashKeptFromTheLogIsEnteredAndNotBegunTwice() {
    named(Scene.address());
    begin();
    rotate();
    owner("update rotation set begun_at = null, ready_at = null");
    long entries = count("select count(*) from intake");
    rotate();
    assertThat(count("select count(*) from rotation where begun_at is not null")).isOne();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
    assertThat(count("select count(*) from intake")).isEqualTo(entries + 1);
  }

  private void putBack(String copy) {
    owner("delete from subject_key");
    owner("insert into subject_key select * from " + copy);
  }

  @Test
  void anAliasIsGivenOnceWhicheverEpochItIsOf() {
    String email = Scene.address();
    named(email);
    begin();
    pledge.pledge().rotate();
    assertThat(register(email)).isInstanceOf(Registered.AliasTaken.class);
    String during = Scene.address();
    assertThat(register(during)).isInstanceOf(Registered.Subject.class);
    assertThat(register(during)).isInstanceOf(Registered.AliasTaken.class);
    rotate();
    destroy();
    assertThat(register(email)).isInstanceOf(Registered.AliasTaken.class);
    assertThat(register(during)).isInstanceOf(Registered.AliasTaken.class);
  }

  @Test
  void nothingIsDestroyedBeforeItsDateNorWhileSomethingNeedsIt() {
    SubjectId person = named(Scene.address());
    begin();
    rotate();
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
    // As a transaction that was under way when it was looked leaves it.
    owner("update rotation set destroy_at = statement_timestamp() - interval '1 second'");
    owner(
        "update subject_key set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1),"
            + " epoch = 1 where subject_id = '"
            + person.value()
            + "'");
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
    assertThat(trouble()).contains("1 wrapped keys of people do not open");
  }

  @Test
  void nothingIsDestroyedWhileNoEntryOpensInATrial() throws InterruptedException {
    named(Scene.address());
    begin();
    rotate();
    awaitPlaces();
    alterEntries("true");
    assertNeededOnTheDate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "wrapped"})
  void nothingIsDestroyedWhileAnArchivedTileDoesNotOpenInATrial(String column)
      throws InterruptedException {
    SubjectId person = named(Scene.address());
    for (int i = 0; i < 300; i++) {
      read(person);
    }
    Await.until(() -> pledge.pledge().log().size() >= 256);
    pledge.restart(new Ageing(Period.ZERO, Optional.empty()));
    Await.until(() -> count("select count(*) from archive") == 1);
    begin();
    rotate();
    owner("update archive set " + ALTERED.formatted(column));
    assertNeededOnTheDate();
  }

  @Test
  void theFirstEntryOfAllIsTriedEachTime() throws InterruptedException {
    named(Scene.address());
    pledge.ahead(Duration.ofHours(1));
    begin();
    rotate();
    awaitPlaces();
    alterEntries("id = (select id from intake order by id limit 1)");
    assertNeededOnTheDate();
    assertThat(trouble()).contains("1 entries of the log");
  }

  @Test
  void olderEntriesInTheMidstOfABusySecondAreTriedInTime() throws InterruptedException {
    SubjectId person = named(Scene.address());
    Instant busy = TestPledge.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
    for (int i = 0; i < 1_200; i++) {
      // Apart by more than the calls are: no two entries of a person are of one microsecond.
      Instant at = busy.plus(i * 800L, ChronoUnit.MICROS);
      pledge.ahead(Duration.between(TestPledge.now(), at));
      read(person);
    }
    begin();
    rotate();
    awaitPlaces();
    String old =
        """
        id in (select id from (
          select id, row_number() over (partition by left(id::text, 13) order by id) as of_second,
                 row_number() over (order by id desc) as newest
          from intake) as placed where of_second > 20 and newest > 1000)
        """;
    assertThat(count("select count(*) from intake where " + old)).isPositive();
    alterEntries(old);
    for (int i = 0; i < 200 && trouble().isEmpty(); i++) {
      owner("update rotation set ready_at = null");
      pledge.pledge().rotate();
    }
    assertThat(trouble()).matches(CLOSED);
  }

  private static final String ALTERED = "%1$s = set_byte(%1$s, 20, get_byte(%1$s, 20) # 1)";

  private static final String CLOSED = "in a trial restore, \\d+ entries of the log did not open";

  private void alterEntries(String which) {
    owner("update intake set " + ALTERED.formatted("sealed") + " where " + which);
  }

  /** Everything is brought over by then, so that the trial alone finds it. */
  private void assertNeededOnTheDate() {
    owner("delete from reply where epoch = 1");
    owner("update rotation set destroy_at = statement_timestamp() - interval '1 second'");
    pledge.pledge().rotate();
    assertThat(trouble()).matches(CLOSED);
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
  }

  @Test
  void anIndexOfADeadEpochDoesNoHarmAndGoesWithItsAlias() {
    String email = Scene.address();
    String other = Scene.address();
    SubjectId moving = named(email);
    SubjectId leaving = named(other);
    owner("create table old_alias as select * from alias");
    begin();
    rotate();
    destroy();
    owner("insert into alias select * from old_alias");
    for (String theirs : List.of(email, other)) {
      assertThat(register(theirs)).isInstanceOf(Registered.AliasTaken.class);
    }
    assertReadable(moving, email);
    pledge.<Collected>change(
        scene.backend,
        changes ->
            changes.correct(
                moving, Scene.from("meeting", "person", Map.of("contact.email", Scene.address()))));
    pledge.<Erased>change(scene.backend, changes -> changes.erase(leaving));
    assertThat(count("select count(*) from alias where epoch = 1")).isZero();
    for (String theirs : List.of(email, other)) {
      assertThat(register(theirs)).isInstanceOf(Registered.Subject.class);
    }
  }

  @Test
  void noIndexOfADeadEpochIsLeftOfWhoeverHadItWhileTheKeysEnded() {
    String email = Scene.address();
    SubjectId person = named(email);
    owner("create table old_alias as select * from alias");
    begin();
    rotate();
    destroy();
    // As an alias that was given meanwhile, and a crash before the end was entered.
    owner("insert into alias select * from old_alias");
    owner("update rotation set destroyed_at = null");
    pledge.restart();
    pledge.pledge().rotate();
    assertThat(count("select count(*) from rotation where destroyed_at is not null")).isOne();
    assertThat(count("select count(*) from alias where epoch = 1")).isZero();
    assertReadable(person, email);
    assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {})).isEmpty();
  }

  @Test
  void answersThatAreKeptUnderTheOlderKeysAreWaitedFor() {
    named(Scene.address());
    begin();
    rotate();
    owner("update rotation set destroy_at = statement_timestamp() - interval '1 second'");
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
    assertThat(trouble()).contains("answers are kept under the older keys");
    destroy();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(2);
  }

  @Test
  void whoeverIsErasedMeanwhileStaysErased() {
    SubjectId person = named(Scene.address());
    begin();
    assertThat(pledge.<Erased>change(scene.backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
    rotate();
    assertThat(
            count("select count(*) from subject_key where subject_id = '" + person.value() + "'"))
        .isZero();
    destroy();
    pledge.restart();
    assertThat(answer(person)).isInstanceOf(ReadAnswer.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "subject_key, update",
    "alias, insert",
    "intake, update",
    "rotation, update",
  })
  void whatFailsIsDoneTheNextTime(String table, String act) throws InterruptedException {
    String email = Scene.address();
    SubjectId person = named(email);
    awaitPlaces();
    begin();
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(
        "create trigger refuse before "
            + act
            + " on "
            + table
            + " for each row execute function refuse()");
    assertThatThrownBy(() -> pledge.pledge().rotate()).isInstanceOf(RuntimeException.class);
    owner("drop trigger refuse on " + table);
    assertThat(read(person)).isEqualTo("Wei");
    pledge.restart();
    rotate();
    destroy();
    assertReadable(person, email);
  }

  @Test
  void anEndThatWasNotEnteredIsEnteredTheNextTime() {
    named(Scene.address());
    begin();
    rotate();
    destroy();
    owner("update rotation set destroyed_at = null");
    pledge.restart();
    pledge.pledge().rotate();
    assertThat(count("select count(*) from rotation where destroyed_at is not null")).isOne();
  }

  @Test
  void itIsAskedForOnceAndNotForADayOrLess() {
    assertThat(pledge.pledge().rotateKeys(RATE, GRACE)).isTrue();
    assertThatThrownBy(() -> pledge.pledge().rotateKeys(RATE, Duration.ofHours(24)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("25 hours");
  }

  /** The log's own writing would be refused, too. */
  private void awaitPlaces() throws InterruptedException {
    Await.until(() -> count("select count(*) from intake where leaf_index is null") == 0);
  }

  private void begin() {
    assertThat(pledge.pledge().rotateKeys(RATE, GRACE)).isTrue();
  }

  /** Until nothing is left under the older epoch, entries that came meanwhile included. */
  private void rotate() {
    for (int i = 0;
        i < 50 && count("select count(*) from rotation where ready_at is not null") == 0;
        i++) {
      pledge.pledge().rotate();
    }
    assertThat(trouble()).isEmpty();
    assertThat(count("select count(*) from rotation where ready_at is not null")).isOne();
  }

  private void destroy() {
    owner("delete from reply where epoch = 1");
    owner("update rotation set destroy_at = statement_timestamp() - interval '1 second'");
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(2);
  }

  private String trouble() {
    return Database.over(data.owner())
        .<Optional<String>>read(
            handle ->
                handle
                    .createQuery("select coalesce(trouble, '') from rotation")
                    .mapTo(String.class)
                    .findOne())
        .orElse("");
  }

  private Path bundle(int epoch) {
    return pledge.keys().resolve("store").resolve("store").resolve("epoch-" + epoch + ".1.sealed");
  }

  private SubjectId named(String email) {
    SubjectId person = pledge.adult(scene.backend, Map.of("email", email));
    scene.collect(person, Map.of("identity.name", "Wei"));
    return person;
  }

  private Registered register(String email) {
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", email),
            LocalDate.of(1990, 1, 1),
            TestPledge.acceptance(),
            List.of(),
            null);
    return pledge.change(scene.backend, changes -> changes.register(registration));
  }

  private ReadAnswer answer(SubjectId person) {
    return pledge
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("identity.name")),
            person);
  }

  private Object read(SubjectId person) {
    ReadAnswer.Answer answer = (ReadAnswer.Answer) answer(person);
    return ((FieldAnswer.Shown) answer.fields().getFirst()).values().getFirst().json();
  }

  private long count(String sql) {
    return Database.over(data.owner())
        .read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private void owner(String sql) {
    Database.over(data.owner()).read(handle -> handle.execute(sql));
  }
}
