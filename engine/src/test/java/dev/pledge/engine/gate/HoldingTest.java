package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.gate.HeldAnswer.Held;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.Kind;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.HoldTerms;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legal holds: what is on hold outlasts what goes, and opens for nobody but its own case. */
class HoldingTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private final Scene scene = new Scene(PLEDGE);
  private final Caller officer = scene.staff("officer", "privacy-officer");
  private final Caller counsel = scene.staff("counsel", "legal");

  @Test
  @Clause({"II.II.3", "V.1", "II.I.7"})
  void whatIsHeldOutlastsTheErasureAndNothingElseDoes() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order", "identity.name");
    Erased.Certificate certificate = erase(person);

    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100);
    assertThat(opened.values())
        .extracting(held -> held.field().toString())
        .containsExactly("identity.name");
    assertThat(opened.values()).extracting(Held::json).containsExactly("Wei");
    assertThat(opened.view()).isEqualTo(View.CLEAR);
    assertThat(opened.reference()).isEqualTo("(2026) Jing 0105");
    assertThat(opened.hold().subject()).isEmpty();
    ErasureCertificate.Kept kept = read(certificate).kept().getFirst();
    assertThat(kept.purpose()).isEqualTo("court-order");
    assertThat(kept.until()).isEqualTo(hold.until());
  }

  @Test
  @Clause({"II.II.3", "II.I.7"})
  void aHoldNamesNothingThatItsPurposeDoesNotUse() {
    SubjectId person = named();
    scene.collect(person, Map.of("device.language", "zh-CN"));
    HoldPlaced.Placed hold = place(person, "public-health");
    erase(person);
    Caller second = scene.staff("second-officer", "privacy-officer");
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened) PLEDGE.pledge().openHeld(second, hold.hold(), null, 100);
    assertThat(opened.view()).isEqualTo(View.MASKED);
    assertThat(opened.values())
        .extracting(held -> held.field().toString())
        .containsExactly("identity.name");
    assertThat(place(officer, named(), terms("public-health", "device.language")))
        .isInstanceOfSatisfying(
            HoldPlaced.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo("not-listed"));
  }

  @Test
  @Clause({"V.1", "II.I.7"})
  void whatIsCorrectedDeletedOrReplacedIsSetAsideWhileTheHoldLasts() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order", "identity.name");
    correct(person, "Lee");
    scene.collect(person, Map.of("identity.name", "Lie"));
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.delete(person, List.of("identity.name")));
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100);
    assertThat(opened.values())
        .extracting(Held::json)
        .containsExactlyInAnyOrder("Wei", "Lee", "Lie");
    assertThat(opened.hold().subject()).contains(person);
    assertThat(scene.last(person).kind()).isEqualTo(Kind.READ_HELD);
  }

  @Test
  @Clause({"IV.3", "II.I.7"})
  void itOpensForOthersThanWhoPlacedItAndForTheirPurposeAlone() {
    SubjectId person = named();
    Caller both = scene.staff("both", "privacy-officer", "legal");
    HoldPlaced.Placed hold =
        (HoldPlaced.Placed) place(both, person, terms("court-order", "identity.name"));
    assertThat(refusal(both, hold.hold())).isEqualTo("own-use");
    assertThat(refusal(scene.staff("marketer", "marketer"), hold.hold())).isEqualTo("no-role");
    assertThat(refusal(scene.backend, hold.hold())).isEqualTo("no-role");
    assertThat(PLEDGE.pledge().openHeld(counsel, UUID.randomUUID(), null, 100))
        .isInstanceOf(HeldAnswer.Unknown.class);
    assertThat(PLEDGE.pledge().holds(counsel, Optional.of(hold.legalCase())).holds()).hasSize(1);
    assertThat(PLEDGE.pledge().holds(scene.backend, Optional.of(hold.legalCase())).holds())
        .isEmpty();
  }

  @Test
  @Clause({"II.I.7", "IV.3"})
  void onlyWhoApprovesTheExceptionPlacesAndLiftsAHold() {
    SubjectId person = named();
    assertThat(place(counsel, person, terms("court-order")))
        .isInstanceOfSatisfying(
            HoldPlaced.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo("no-oversight"));
    assertThat(place(officer, person, terms("customer-service")))
        .isInstanceOfSatisfying(
            HoldPlaced.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo("not-exceptional"));
    Instant past = TestPledge.now().minusSeconds(60);
    Instant far = TestPledge.now().plus(Duration.ofDays(5 * 366 + 2));
    for (Instant until : List.of(past, far)) {
      assertThat(place(officer, person, new HoldTerms("court-order", "meeting", List.of(), until)))
          .isInstanceOfSatisfying(
              HoldPlaced.Refused.class,
              refused -> assertThat(refused.reason().code()).isEqualTo("hold-term"));
    }
    HoldPlaced.Placed hold = place(person, "court-order");
    assertThat(lift(counsel, hold.hold())).isInstanceOf(Outcome.Refused.class);
    assertThat(lift(officer, hold.hold())).isInstanceOf(Outcome.Done.class);
    assertThat(lift(officer, hold.hold())).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void aLiftedHoldLeavesNothingAndNoOldCopyBringsItBack() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order");
    erase(person);
    owner("create table old_hold as select * from legal_hold");
    owner("create table old_key as select * from subject_key");
    owner("create table old_aside as select * from set_aside");
    assertThat(lift(officer, hold.hold())).isInstanceOf(Outcome.Done.class);
    SubjectId name = new SubjectId(hold.hold());
    owner("drop table old_hold, old_key, old_aside");
    assertThat(new Remains(name).inTables(Database.over(DATABASE.owner()))).isEmpty();
    assertThat(PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100))
        .isInstanceOf(HeldAnswer.Unknown.class);
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void nothingIsErasedWhileTheKeyOfAHoldOnItDoesNotOpen() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order", "identity.name");
    SubjectId other = named();
    for (UUID owner : List.of(hold.hold(), person.value())) {
      String key = " where subject_id = '" + owner + "'";
      String flip =
          "update subject_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)";
      owner(flip + key);
      assertThatThrownBy(() -> erase(person)).isInstanceOf(UnsealException.class);
      owner(flip + key);
    }
    owner(
        "update subject_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject_id = '"
            + other.value()
            + "'");
    assertThat(new Remains(other).inTables(Database.over(DATABASE.owner()))).isNotEmpty();
    erase(other);
    assertThat(new Remains(other).inTables(Database.over(DATABASE.owner()))).isEmpty();
    assertThat(read(erase(person)).kept()).hasSize(1);
    assertThat(
            ((HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100))
                .values())
        .extracting(Held::json)
        .containsExactly("Wei");
  }

  @Test
  @Clause("II.II.3")
  void aRowOfALiftedHoldThatComesBackGoesAtTheStart() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order");
    String id = hold.hold().toString();
    owner("create table old_hold as select * from legal_hold where hold_id = '" + id + "'");
    lift(officer, hold.hold());
    owner("insert into legal_hold select * from old_hold");
    owner("drop table old_hold");
    PLEDGE.restart();
    assertThat(new Remains(new SubjectId(hold.hold())).inTables(Database.over(DATABASE.owner())))
        .isEmpty();
  }

  @Test
  @Clause("II.II.3")
  void aHoldEndsByItselfOnItsDate() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order");
    erase(person);
    owner(
        "update legal_hold set until = statement_timestamp() where hold_id = '"
            + hold.hold()
            + "'");
    assertThat(PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 100))
        .isInstanceOf(HeldAnswer.Unknown.class);
    PLEDGE.pledge().tidy();
    assertThat(new Remains(new SubjectId(hold.hold())).inTables(Database.over(DATABASE.owner())))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          legal_hold set fields = '{nothing}' where hold_id = '%1$s'     | legal_hold set fields = '{identity.name}' where hold_id = '%1$s'
          legal_hold set purpose = 'Not a name' where hold_id = '%1$s'   | legal_hold set purpose = 'court-order' where hold_id = '%1$s'
          subject_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject_id = '%2$s' | subject_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject_id = '%2$s'
          """)
  @Clause("II.II.3")
  void aHoldThatCannotBeEndedKeepsNoOtherWaiting(String damage, String repair) {
    SubjectId person = named();
    UUID damaged = place(person, "court-order", "identity.name").hold();
    UUID sound = place(named(), "court-order", "identity.name").hold();
    end(damaged, sound);
    owner("update " + damage.formatted(damaged, person.value()));
    PLEDGE.pledge().tidy();
    assertThat(left(damaged, sound)).containsExactly(damaged);
    owner("update " + repair.formatted(damaged, person.value()));
    PLEDGE.pledge().tidy();
    assertThat(left(damaged, sound)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"legal_hold, for each row when (old.hold_id = '%s')", "reply, for each statement"})
  @Clause("II.II.3")
  void whatTheDatabaseRefusesOfHousekeepingKeepsNoHoldWaiting(String table, String when) {
    UUID first = place(named(), "court-order", "identity.name").hold();
    UUID sound = place(named(), "court-order", "identity.name").hold();
    end(first, sound);
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(
        "create trigger refuse before delete on "
            + table
            + " "
            + when.formatted(first)
            + " execute function refuse()");
    assertThatThrownBy(() -> PLEDGE.pledge().tidy()).isInstanceOf(DatabaseFailed.class);
    owner("drop trigger refuse on " + table);
    assertThat(left(sound)).isEmpty();
    PLEDGE.pledge().tidy();
    assertThat(left(first, sound)).isEmpty();
  }

  /** The one before the other. */
  private static void end(UUID first, UUID second) {
    String until =
        "update legal_hold set until = statement_timestamp() - interval '%d s' where hold_id = '%s'";
    owner(until.formatted(2, first));
    owner(until.formatted(1, second));
  }

  private static List<UUID> left(UUID... holds) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select hold_id from legal_hold where hold_id = any(:holds)")
                    .bind("holds", holds)
                    .mapTo(UUID.class)
                    .list());
  }

  @Test
  @Clause("II.II.3")
  void whatGoesPastTheGateIsRefusedWhileAHoldIsOnIt() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order", "identity.name");
    String theirs = " where subject_id = '" + person.value() + "'";
    assertThatThrownBy(() -> owner("delete from datum" + theirs))
        .isInstanceOf(DatabaseFailed.class);
    assertThatThrownBy(() -> owner("update datum set sealed = ''" + theirs))
        .isInstanceOf(DatabaseFailed.class);
    lift(officer, hold.hold());
    owner("delete from datum" + theirs);
  }

  @Test
  @Clause({"II.I.7", "V.1"})
  void theCertificateIsSilentAboutWhatThePersonMayNotBeToldOf() {
    SubjectId person = named();
    place(person, "public-security", "identity.name");
    assertThat(read(erase(person)).kept()).isEmpty();
  }

  @Test
  @Clause({"II.I.7", "V.1"})
  void aCertificateNamesOnlyHoldsThatKeepSomething() {
    SubjectId person = scene.adult();
    place(person, "court-order", "identity.name");
    assertThat(read(erase(person)).kept()).isEmpty();
    SubjectId corrected = named();
    place(corrected, "court-order", "identity.name");
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.delete(corrected, List.of("identity.name")));
    assertThat(read(erase(corrected)).kept()).hasSize(1);
  }

  @Test
  @Clause("II.I.7")
  void aCaseHoldsManyPeopleOfOneKind() {
    HoldPlaced.Placed first = place(named(), "court-order");
    HoldRequest more = request(terms("court-order"), Optional.of(first.legalCase()));
    SubjectId other = named();
    assertThat(PLEDGE.<HoldPlaced>change(officer, changes -> changes.hold(other, more)))
        .isInstanceOfSatisfying(
            HoldPlaced.Placed.class,
            placed -> assertThat(placed.legalCase()).isEqualTo(first.legalCase()));
    for (HoldRequest odd :
        List.of(
            request(terms("public-security"), Optional.of(first.legalCase())),
            request(terms("court-order"), Optional.of(UUID.randomUUID())))) {
      assertThat(PLEDGE.<HoldPlaced>change(officer, changes -> changes.hold(other, odd)))
          .isInstanceOf(HoldPlaced.Unknown.class);
    }
    assertThat(PLEDGE.pledge().holds(officer, Optional.of(first.legalCase())).holds()).hasSize(2);
  }

  @Test
  @Clause("II.I.7")
  void whatIsSetAsideIsReadPageByPage() {
    SubjectId person = named();
    HoldPlaced.Placed hold = place(person, "court-order", "identity.name");
    for (String name : List.of("Lee", "Lie", "Li", "Le")) {
      correct(person, name);
    }
    List<Object> names = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String cursor = null;
    do {
      HeldAnswer.Opened page =
          (HeldAnswer.Opened) PLEDGE.pledge().openHeld(counsel, hold.hold(), cursor, 3);
      page.values().forEach(held -> names.add(held.json()));
      sizes.add(page.values().size());
      cursor = page.next().orElse(null);
    } while (cursor != null);
    assertThat(names).containsExactlyInAnyOrder("Wei", "Lee", "Lie", "Li");
    assertThat(sizes).containsExactly(3, 1);
    assertThat(scene.last(person).verdicts())
        .as("each page is on the log, with what was on it")
        .singleElement()
        .satisfies(verdict -> assertThat(verdict.toString()).contains("count=1"));
    for (String odd : List.of("x", "AAAA")) {
      assertThatThrownBy(() -> PLEDGE.pledge().openHeld(counsel, hold.hold(), odd, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PLEDGE.pledge().openHeld(counsel, hold.hold(), null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SubjectId named() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei"));
    return person;
  }

  private HoldPlaced.Placed place(SubjectId person, String purpose, String... fields) {
    return (HoldPlaced.Placed) place(officer, person, terms(purpose, fields));
  }

  private static HoldPlaced place(Caller by, SubjectId person, HoldTerms terms) {
    return PLEDGE.<HoldPlaced>change(
        by, changes -> changes.hold(person, request(terms, Optional.empty())));
  }

  private static HoldRequest request(HoldTerms terms, Optional<UUID> legalCase) {
    return new HoldRequest(
        terms.purpose(),
        terms.product(),
        terms.fields(),
        terms.until(),
        "(2026) Jing 0105",
        legalCase);
  }

  private static HoldTerms terms(String purpose, String... fields) {
    return new HoldTerms(
        purpose, "meeting", List.of(fields), TestPledge.now().plus(Duration.ofDays(90)));
  }

  private static Outcome lift(Caller by, UUID hold) {
    return PLEDGE.change(by, changes -> changes.lift(hold));
  }

  private Erased.Certificate erase(SubjectId person) {
    return (Erased.Certificate)
        PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person));
  }

  private void correct(SubjectId person, String name) {
    PLEDGE.<Collected>change(
        scene.backend,
        changes ->
            changes.correct(
                person, Scene.from("meeting", "person", Map.of("identity.name", name))));
  }

  private static String refusal(Caller caller, UUID hold) {
    return ((HeldAnswer.Refused) PLEDGE.pledge().openHeld(caller, hold, null, 100)).reason().code();
  }

  private static ErasureCertificate read(Erased.Certificate certificate) {
    List<VerifierKey> keys = PLEDGE.pledge().log().verifierKeys();
    byte[] note = certificate.signed().getBytes(StandardCharsets.UTF_8);
    return ErasureCertificate.read(SignedNote.open(note, keys).requireSignedBy(keys).text());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
