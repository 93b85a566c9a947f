package dev.pledge.engine.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Replies;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.HeldAnswer;
import dev.pledge.engine.gate.HoldPlaced;
import dev.pledge.engine.gate.HoldRequest;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.ShiftedClock;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.Kind;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Erasures that people can take back for a time, under a policy that states one. */
@Clause({"V.3", "II.II.3"})
class RecoveryTest {
  private static final Duration OVER = Duration.ofDays(16);
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);

  @RegisterExtension
  static final TestPledge PLEDGE =
      CLOCK.pledge(TestPledge.reworded("\nrequests:", "\nleaving: { recovery: P14D }\nrequests:"));

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void asBefore() {
    owner("drop trigger if exists refuse on subject_key");
    owner("drop trigger if exists refuse on deployment");
    CLOCK.shift(Duration.ZERO);
    PLEDGE.ahead(Duration.ZERO);
  }

  @Test
  @Clause({"V.1", "V.3", "II.II.3"})
  void aSealedPersonIsToldNoDifferentlyFromAnErasedOne() {
    String email = Scene.address();
    SubjectId person = named(email);
    seal(person);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    assertThat(erase(person)).isInstanceOf(Erased.Unknown.class);
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, c -> c.close(person, "meeting", Set.of()).outcome()))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(PLEDGE.<Outcome>change(scene.backend, c -> c.delete(person, List.of("device.id"))))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(
            scene.collect(
                scene.backend, person, Scene.from("meeting", "person", Map.of("device.id", "x"))))
        .isInstanceOf(Collected.Unknown.class);
    assertThat(PLEDGE.pledge().subject(scene.backend, person).getClass().getSimpleName())
        .isEqualTo("Unknown");
    assertThat(PLEDGE.pledge().choices(scene.backend, person, null, 9).getClass().getSimpleName())
        .isEqualTo("Unknown");
    assertThat(PLEDGE.pledge().history(scene.backend, person, null, 9).getClass().getSimpleName())
        .isEqualTo("Unknown");
    assertThat(find(email)).isInstanceOf(Found.Nobody.class);
    List<SubjectId> listed = new ArrayList<>();
    PLEDGE.pledge().audience(scene.backend, "authentication", null, "meeting", listed::add);
    assertThat(listed).doesNotContain(person);
  }

  @Test
  @Clause({"V.1", "V.3"})
  void theCertificateTellsUntilWhenItCanBeTakenBack() {
    SubjectId person = named(Scene.address());
    Erased.Certificate given = seal(person);
    List<VerifierKey> keys = PLEDGE.pledge().log().verifierKeys();
    ErasureCertificate certificate =
        ErasureCertificate.read(
            SignedNote.open(given.signed().getBytes(StandardCharsets.UTF_8), keys)
                .requireSignedBy(keys)
                .text());
    Instant until = certificate.recoverableUntil().orElseThrow();
    assertThat(given.recoverableUntil()).contains(until);
    assertThat(until)
        .isBetween(
            given.receipt().at().plus(Duration.ofDays(14)),
            given.receipt().at().plus(Duration.ofDays(15)));
    assertThat(until.getEpochSecond() % Duration.ofDays(1).toSeconds()).isZero();
    assertThat(certificate.isAbout(person.value())).isTrue();
  }

  @Test
  @Clause({"V.1", "V.3"})
  void whoComesBackFindsEverythingAsItWas() {
    String email = Scene.address();
    SubjectId person = named(email);
    seal(person);
    CLOCK.shift(Duration.ofDays(13));
    assertThat(recover(person)).isInstanceOf(Outcome.Done.class);
    CLOCK.shift(Duration.ZERO);
    assertThat(name(person)).isEqualTo("Wei");
    assertThat(find(email))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(person));
    AccessHistory.Page history =
        (AccessHistory.Page) PLEDGE.pledge().history(scene.backend, person, null, 100);
    assertThat(history.lines())
        .extracting(line -> line.recorded().entry().facts().kind())
        .contains(Kind.REGISTER, Kind.SEAL, Kind.RECOVER);
    assertThat(recover(person)).as("once is enough").isInstanceOf(Outcome.Unknown.class);
    CLOCK.shift(OVER);
    PLEDGE.ahead(OVER);
    PLEDGE.pledge().tidy();
    assertThat(rows(person)).as("and stays").isNotEmpty();
  }

  @Test
  void whoNeverWentDoesNotComeBackAndNothingElseBringsBackWhoDid() {
    SubjectId person = named(Scene.address());
    assertThat(recover(person)).isInstanceOf(Outcome.Unknown.class);
    seal(person);
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, changes -> changes.accept(person, TestPledge.acceptance())))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend,
                changes -> changes.join(person, "calendar", TestPledge.acceptance())))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
  }

  @Test
  @Clause("V.3")
  void anAnswerThatIsKeptOpensForNobodyWhileItsPersonIsSealed() {
    SubjectId person = named(Scene.address());
    byte[] hash = new byte[32];
    PLEDGE
        .pledge()
        .once(
            scene.backend,
            "kept-" + person,
            hash,
            changes -> {
              changes.close(person, "calendar", Set.of());
              return new Replies.Reply(200, null, new byte[] {1});
            });
    seal(person);
    assertThatThrownBy(
            () -> PLEDGE.pledge().once(scene.backend, "kept-" + person, hash, changes -> null))
        .isInstanceOf(Replies.AboutErased.class);
    recover(person);
    assertThat(
            PLEDGE.pledge().once(scene.backend, "kept-" + person, hash, changes -> null).status())
        .isEqualTo(200);
  }

  @Test
  @Clause("V.3")
  void theirAliasIsNobodyElsesUntilTheyAreErased() {
    String email = Scene.address();
    SubjectId person = named(email);
    seal(person);
    assertThat(register(email)).isInstanceOf(Registered.AliasTaken.class);
    CLOCK.shift(OVER);
    PLEDGE.ahead(OVER);
    assertThat(register(email)).as("erased first").isInstanceOf(Registered.Subject.class);
    assertThat(rows(person)).isEmpty();
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void onceItIsOverNobodyComesBackWhetherOrNotAnyJobIsAtWork() {
    SubjectId person = named(Scene.address());
    Instant until = seal(person).recoverableUntil().orElseThrow();
    Duration left = Duration.between(TestPledge.now(), until);
    CLOCK.shift(left);
    assertThat(recover(person)).as("by the database's clock").isInstanceOf(Outcome.Unknown.class);
    CLOCK.shift(Duration.ZERO);
    PLEDGE.ahead(left);
    assertThat(recover(person)).as("by the server's clock").isInstanceOf(Outcome.Unknown.class);
    PLEDGE.ahead(Duration.ZERO);
    assertThat(recover(person)).as("neither has come there").isInstanceOf(Outcome.Done.class);
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void aClockThatIsSetBackReopensNothing() throws InterruptedException {
    SubjectId person = named(Scene.address());
    seal(person);
    read(scene.adult());
    // As the log has it of what was done once the time was over.
    Await.until(() -> count("select count(*) from intake where leaf_index is null") == 0);
    owner(
        "update intake set entered_at = entered_at + interval '16 days' where leaf_index ="
            + " (select max(leaf_index) from intake)");
    assertThat(recover(person)).isInstanceOf(Outcome.Unknown.class);
    owner(
        "update intake set entered_at = entered_at - interval '16 days' where entered_at >"
            + " statement_timestamp() + interval '1 day'");
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void oneClockAloneErasesNobodyAndBothEraseByThemselves() {
    SubjectId person = named(Scene.address());
    seal(person);
    PLEDGE.ahead(OVER);
    PLEDGE.pledge().tidy();
    assertThat(rows(person)).isNotEmpty();
    PLEDGE.ahead(Duration.ZERO);
    CLOCK.shift(OVER);
    PLEDGE.pledge().tidy();
    assertThat(rows(person)).isNotEmpty();
    PLEDGE.ahead(OVER);
    PLEDGE.pledge().tidy();
    assertThat(rows(person)).isEmpty();
    assertThat(recover(person)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  @Clause({"V.1", "V.3"})
  void whoWantsItForGoodIsErasedAtOnceSealedOrNot() {
    SubjectId one = named(Scene.address());
    SubjectId other = named(Scene.address());
    Erased.Certificate sealed = seal(other);
    for (SubjectId person : List.of(one, other)) {
      Erased.Certificate certificate = (Erased.Certificate) eraseAtOnce(person);
      assertThat(certificate.recoverableUntil()).isEmpty();
      assertThat(rows(person)).isEmpty();
      assertThat(recover(person)).isInstanceOf(Outcome.Unknown.class);
      assertThat(eraseAtOnce(person)).isInstanceOf(Erased.Unknown.class);
      if (person.equals(other)) {
        assertThat(certificate.id()).as("the ledger has one for each").isEqualTo(sealed.id());
      }
    }
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void anErasureThatIsCutShortWhenTheTimeIsOverIsFinished() {
    SubjectId person = named(Scene.address());
    seal(person);
    CLOCK.shift(OVER);
    PLEDGE.ahead(OVER);
    refusing(
        "create constraint trigger refuse after delete on subject_key deferrable initially"
            + " deferred for each row");
    assertThatThrownBy(() -> PLEDGE.pledge().tidy()).isInstanceOf(DatabaseFailed.class);
    owner("drop trigger refuse on subject_key");
    CLOCK.shift(Duration.ZERO);
    PLEDGE.ahead(Duration.ZERO);
    assertThat(recover(person)).as("the ledger has it").isInstanceOf(Outcome.Unknown.class);
    assertThat(rows(person)).isNotEmpty();
    PLEDGE.restart();
    assertThat(rows(person)).isEmpty();
  }

  @Test
  @Clause({"V.1", "V.3"})
  void aSealThatIsCutShortHoldsAndWhoAsksAgainGetsTheCertificate() {
    SubjectId person = named(Scene.address());
    refuseAtCommit();
    assertThatThrownBy(() -> erase(person)).isInstanceOf(CommitUnknown.class);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    owner("drop trigger refuse on deployment");
    assertThat(erase(person)).isInstanceOf(Erased.Certificate.class);
    assertThat(erase(person)).isInstanceOf(Erased.Unknown.class);
    assertThat(recover(person)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void olderDataThatArePutBackSealThemAgain() {
    SubjectId person = named(Scene.address());
    seal(person);
    owner("update subject set sealed = false where subject_id = '" + person.value() + "'");
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    PLEDGE.restart();
    assertThat(erase(person)).isInstanceOf(Erased.Unknown.class);
    assertThat(recover(person)).isInstanceOf(Outcome.Done.class);
    owner("update subject set sealed = true where subject_id = '" + person.value() + "'");
    PLEDGE.restart();
    assertThat(name(person)).as("nor do they seal who came back").isEqualTo("Wei");
    assertThat(recover(person)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  @Clause({"V.1", "V.3"})
  void aReturnThatIsCutShortIsMadeUpFor() {
    SubjectId person = named(Scene.address());
    seal(person);
    refuseAtCommit();
    assertThatThrownBy(() -> recover(person)).isInstanceOf(CommitUnknown.class);
    owner("drop trigger refuse on deployment");
    assertThat(recover(person)).as("asked again").isInstanceOf(Outcome.Done.class);
    assertThat(name(person)).isEqualTo("Wei");

    seal(person);
    refuseAtCommit();
    assertThatThrownBy(() -> recover(person)).isInstanceOf(CommitUnknown.class);
    owner("drop trigger refuse on deployment");
    PLEDGE.pledge().tidy();
    assertThat(recover(person)).as("done already").isInstanceOf(Outcome.Unknown.class);
    assertThat(name(person)).isEqualTo("Wei");
  }

  @Test
  @Clause({"IV.4", "V.3"})
  void theirKeysAndAliasesAreBroughtOverToTheNextEpoch() throws InterruptedException {
    SubjectId person = named(Scene.address());
    seal(person);
    PLEDGE.pledge().rotateKeys(1_000_000, Duration.ofDays(30));
    Await.until(() -> count("select count(*) from rotation where ready_at is not null") == 1);
    for (String table : List.of("alias", "subject_key")) {
      assertThat(
              count(
                  "select count(*) from "
                      + table
                      + " where epoch = 2 and subject_id = '"
                      + person.value()
                      + "'"))
          .as(table)
          .isOne();
    }
    assertThat(recover(person)).isInstanceOf(Outcome.Done.class);
    assertThat(name(person)).isEqualTo("Wei");
  }

  @Test
  @Clause({"II.I.7", "II.II.3", "V.3"})
  void aHoldThatIsPlacedMeanwhileKeepsWhatItIsOn() {
    SubjectId person = named(Scene.address());
    seal(person);
    Caller officer = PLEDGE.caller("recovery-officer", Asker.Kind.STAFF, "privacy-officer");
    Caller counsel = PLEDGE.caller("recovery-counsel", Asker.Kind.STAFF, "legal");
    HoldRequest request =
        new HoldRequest(
            "court-order",
            "meeting",
            List.of("identity.name"),
            TestPledge.now().plus(Duration.ofDays(400)),
            "(2026) 9",
            Optional.empty());
    HoldPlaced.Placed hold =
        (HoldPlaced.Placed) PLEDGE.<HoldPlaced>change(officer, c -> c.hold(person, request));
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    CLOCK.shift(OVER);
    PLEDGE.ahead(OVER);
    PLEDGE.pledge().tidy();
    assertThat(rows(person)).isEmpty();
    asBefore();
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100);
    assertThat(opened.values()).extracting(HeldAnswer.Held::json).containsExactly("Wei");
  }

  @Test
  @Clause({"II.II.3", "V.3"})
  void whoComesBackAsTheTimeEndsIsEitherBackOrGone() throws InterruptedException {
    for (int round = 0; round < 6; round++) {
      SubjectId person = named(Scene.address());
      seal(person);
      AtomicReference<Outcome> outcome = new AtomicReference<>();
      Thread back = Thread.ofVirtual().unstarted(() -> outcome.set(recover(person)));
      Thread end =
          Thread.ofVirtual()
              .unstarted(
                  () -> {
                    CLOCK.shift(OVER);
                    PLEDGE.ahead(OVER);
                    PLEDGE.pledge().tidy();
                  });
      List<Thread> both = round % 2 == 0 ? List.of(back, end) : List.of(end, back);
      both.forEach(Thread::start);
      back.join();
      end.join();
      PLEDGE.pledge().tidy();
      asBefore();
      if (outcome.get() instanceof Outcome.Done) {
        assertThat(name(person)).isEqualTo("Wei");
      } else {
        assertThat(rows(person)).isEmpty();
      }
    }
  }

  private SubjectId named(String email) {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    scene.collect(person, Map.of("identity.name", "Wei"));
    return person;
  }

  private Erased.Certificate seal(SubjectId person) {
    Erased.Certificate certificate = (Erased.Certificate) erase(person);
    assertThat(certificate.recoverableUntil()).isPresent();
    return certificate;
  }

  private Erased erase(SubjectId person) {
    return PLEDGE.change(scene.backend, changes -> changes.erase(person));
  }

  private Erased eraseAtOnce(SubjectId person) {
    return PLEDGE.change(scene.backend, changes -> changes.erase(person, true, Marking.LEFT));
  }

  private Outcome recover(SubjectId person) {
    return PLEDGE.change(scene.backend, changes -> changes.recover(person));
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
    return PLEDGE.change(scene.backend, changes -> changes.register(registration));
  }

  private Found find(String email) {
    return PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting");
  }

  private ReadAnswer read(SubjectId person) {
    return PLEDGE
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("identity.name")),
            person);
  }

  private Object name(SubjectId person) {
    ReadAnswer.Answer answer = (ReadAnswer.Answer) read(person);
    return ((FieldAnswer.Shown) answer.fields().getFirst()).values().getFirst().json();
  }

  private static void refuseAtCommit() {
    refusing("create constraint trigger refuse after update on deployment for each row");
  }

  private static void refusing(String trigger) {
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(trigger + " execute function refuse()");
  }

  private static Map<String, Long> rows(SubjectId person) {
    return new Remains(person).inTables(Database.over(DATABASE.owner()));
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }

  private static long count(String sql) {
    return Database.over(DATABASE.owner())
        .read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
