package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What time and leaving do: retention at read time, closing, coming back. */
class LeavingTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge();

  private static final Duration DAY = Duration.ofDays(1);

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void backToNow() {
    CLOCK.shift(Duration.ZERO);
  }

  @Test
  @Clause({"IV.1", "I.3"})
  void whatIsKeptThirtyDaysIsGoneWhenTheyHavePassed() {
    SubjectId person = scene.adult();
    scene.grantSensitive(person, "location-service");
    scene.collect(
        scene.backend,
        person,
        new Collection(
            "meeting",
            "product-use",
            Set.of("device-location-on", "location-service-in-use"),
            Map.of(
                "location.position",
                List.of(
                    Map.of(
                        "observedAt",
                        "2026-01-01T00:00:00Z",
                        "value",
                        Map.of("latitude", 39.9, "longitude", 116.4))))));
    CLOCK.shift(DAY.multipliedBy(30).minusSeconds(60));
    assertThat(position(person)).isInstanceOf(FieldAnswer.Shown.class);
    CLOCK.shift(DAY.multipliedBy(30).plusSeconds(1));
    assertThat(position(person)).isEqualTo(new FieldAnswer.Absent("location.position"));
    assertThat(scene.last(person).verdicts())
        .allSatisfy(verdict -> assertThat(verdict.count()).isEqualTo(1));
  }

  private FieldAnswer position(SubjectId person) {
    return scene
        .read(scene.backend, person, "location-service", "location.position")
        .fields()
        .getFirst();
  }

  @Test
  @Clause("IV.1")
  void retentionIsKeptToTheSecond() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    collectUse(person);
    // As the server sees it: the moment it was collected, and six months of its calendar later.
    double sinceCollected =
        Database.over(DATABASE.owner())
            .read(
                handle ->
                    handle
                        .createQuery(
                            """
                            select extract(epoch from
                              ((collected_at at time zone 'UTC') + interval '6 months')
                                at time zone 'UTC' - pg_catalog.now())
                            from observation where subject_id = :person
                            """)
                        .bind("person", person.value())
                        .mapTo(Double.class)
                        .one());
    Duration end = Duration.ofMillis((long) (sinceCollected * 1000));
    CLOCK.shift(end.minusSeconds(20));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
    CLOCK.shift(end.plusSeconds(1));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Absent.class);
  }

  private FieldAnswer use(SubjectId person) {
    return scene
        .read(scene.backend, person, "recommendation", "log.feature-use")
        .fields()
        .getFirst();
  }

  @Test
  @Clause({"V.3", "II.II.3"})
  void closingStopsUseInThatProductAtOnce() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    join(person, "calendar");
    assertThat(close(person, "meeting")).isInstanceOf(Outcome.Done.class);
    assertThat(scene.refusal(scene.backend, person, "settings", "device.language"))
        .isEqualTo("account-closed");
    assertThat(
            Scene.fate(scene.collect(person, Map.of("device.language", "zh")), "device.language"))
        .isEqualTo("account-closed");
    assertThat(calendar(person, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Shown.class);
    assertThat(((Outcome.Refused) close(person, "meeting")).reason().code())
        .isEqualTo("not-a-member");
    assertThat(((Outcome.Refused) close(person, "phone-book")).reason().code())
        .isEqualTo("unknown-product");
    assertThat(scene.last(person).product()).isEmpty();
    assertThat(scene.last(person).unknownNames()).isEqualTo(1);
  }

  @Test
  @Clause({"V.3", "IV.1", "II.II.3"})
  void whatWasDueAfterClosingDoesNotComeBackWithThePerson() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(16));
    join(person, "meeting");
    assertThat(field(person, "settings", "device.language")).isInstanceOf(FieldAnswer.Absent.class);
    assertThat(field(person, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Absent.class);
    assertThat(rows("datum", person) + rows("alias", person)).isZero();
    assertThat(scene.history(person).stream().map(l -> l.recorded().entry().facts().kind().name()))
        .contains("expire");
  }

  @Test
  @Clause({"V.3", "IV.1", "II.II.3"})
  void whatToldOfABirthDoesNotComeBackWithThePersonEither() {
    SubjectId person = grown(LocalDate.of(1990, 5, 17));
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(births(person)).isEqualTo(1);
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(16));
    join(person, "meeting");
    assertThat(births(person)).isZero();
    assertThat(scene.history(person).stream().map(l -> l.recorded().entry().facts().kind().name()))
        .contains("expire");
    // Their key goes on, and so does what they are known for: an adult.
    scene.collect(person, Map.of("device.language", "zh"));
    assertThat(field(person, "settings", "device.language")).isInstanceOf(FieldAnswer.Shown.class);
  }

  @Test
  @Clause({"IV.1", "II.II.3"})
  void whatToldOfABirthGoesWithTheValueWhenTwoClocksStopTogether() {
    SubjectId person = grown(LocalDate.of(1990, 5, 17));
    scene.grant(person, "identity-check");
    assertThat(
            Scene.fate(
                scene.collect(person, Map.of("identity.birth-date", "1990-05-17")),
                "identity.birth-date"))
        .isEqualTo("stored");
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(3 * 365 + 3));
    join(person, "meeting");
    assertThat(births(person)).isZero();
    assertThat(rows("datum", person)).isZero();
    scene.grant(person, "identity-check");
    scene.collect(person, Map.of("identity.birth-date", "1990-05-17"));
    assertThat(births(person)).isEqualTo(1);
  }

  private SubjectId grown(LocalDate birth) {
    return ((Registered.Subject) scene.register(birth)).subject();
  }

  private static long births(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(birth_sealed) from subject where subject_id = :id")
                    .bind("id", person.value())
                    .mapTo(Long.class)
                    .one());
  }

  @Test
  @Clause({"V.3", "IV.1", "I.1"})
  void theNumberOfTheProductLeftGoesAndThoseOfOthersStay() {
    SubjectId person = leftAndStayed("left-1", "stayed-1");
    join(person, "meeting");
    assertThat(rows("alias", person)).isEqualTo(1);
    assertThat(found("meeting", "left-1")).isInstanceOf(Found.Nobody.class);
    assertThat(found("calendar", "stayed-1")).isInstanceOf(Found.Subject.class);
  }

  @Test
  @Clause({"V.3", "IV.1", "I.1"})
  void theNumberOfTheProductLeftIsFreeWhileTheirNumberInAnotherStays() {
    leftAndStayed("left-2", "stayed-2");
    SubjectId next = PLEDGE.adult(scene.backend, Map.of("external", "left-2"));
    assertThat(found("meeting", "left-2"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(next));
    assertThat(found("calendar", "stayed-2")).isInstanceOf(Found.Subject.class);
  }

  @Test
  @Clause("I.1")
  void anAliasWithoutAValueBehindItKeepsNobodyOut() {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("external", "stale-1"));
    owner("update alias set holder = 0 where subject_id = '" + person + "'");
    assertThat(
            Scene.fate(
                scene.collect(person, Map.of("account.external-id", "stale-1")),
                "account.external-id"))
        .isEqualTo("stored");
    owner("delete from datum where subject_id = '" + person + "'");
    SubjectId next = PLEDGE.adult(scene.backend, Map.of("external", "stale-1"));
    assertThat(found("meeting", "stale-1"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(next));
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }

  @Test
  @Clause({"II.II.3", "II.II.6"})
  void whatWasGrantedForEveryProductEndsWithTheLastOne() {
    SubjectId person = scene.adult();
    join(person, "calendar");
    scene.consent(
        person,
        Scene.choice(
            "recommendation", Answer.GRANTED, "general", null, Coverage.ORDINARY, By.SELF));
    close(person, "calendar");
    assertThat(choices(person)).hasSize(1);
    close(person, "meeting");
    join(person, "meeting");
    assertThat(choices(person)).isEmpty();
  }

  @Test
  @Clause({"IV.1", "V.2"})
  void whatWasOverSinceTheWithdrawalDoesNotComeBackWithANewConsent() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    collectUse(person);
    scene.withdraw(person, "recommendation");
    CLOCK.shift(DAY.multipliedBy(10));
    scene.withdraw(person, "recommendation");
    CLOCK.shift(DAY.multipliedBy(14));
    agree(person, DAY.multipliedBy(14));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
    scene.withdraw(person, "recommendation");
    CLOCK.shift(DAY.multipliedBy(30));
    agree(person, DAY.multipliedBy(30));
    assertThat(use(person)).isInstanceOf(FieldAnswer.Absent.class);
    assertThat(rows("observation", person)).isZero();
    collectUse(person);
    assertThat(use(person)).isInstanceOf(FieldAnswer.Shown.class);
  }

  @Test
  @Clause({"II.II.3", "V.2"})
  void whoIsOnHoldAgreesAnewAndWhatWasOverOfTheirSeriesIsSetAside() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    collectUse(person);
    HoldRequest order =
        new HoldRequest(
            "court-order",
            "meeting",
            List.of(),
            TestPledge.now().plus(DAY.multipliedBy(90)),
            "(2026) Jing 0106",
            Optional.empty());
    HoldPlaced.Placed hold =
        (HoldPlaced.Placed)
            PLEDGE.<HoldPlaced>change(
                scene.staff("officer", "privacy-officer"), changes -> changes.hold(person, order));
    scene.withdraw(person, "recommendation");
    CLOCK.shift(DAY.multipliedBy(30));
    agree(person, DAY.multipliedBy(30));
    assertThat(rows("observation", person)).isZero();
    HeldAnswer.Opened opened =
        (HeldAnswer.Opened)
            PLEDGE.pledge().openHeld(scene.staff("counsel", "legal"), hold.hold(), null, 100);
    assertThat(opened.values())
        .extracting(held -> held.field().toString())
        .contains("log.feature-use");
  }

  @Test
  @Clause("V.2")
  void whatAWithdrawalEndedIsNoChoiceAnyMore() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    scene.withdraw(person, "recommendation");
    scene.withdraw(person, "recommendation");
    assertThat(choices(person)).hasSize(1);
  }

  /** Agrees to recommendations so long after now. */
  private void agree(SubjectId person, Duration later) {
    Evidence evidence =
        new Evidence("checked-box", "emeet@2020-04-23", "en", TestPledge.now().plus(later), null);
    Outcome agreed =
        scene.consent(
            person,
            new ConsentChange(
                "recommendation",
                Answer.GRANTED,
                "meeting",
                null,
                Coverage.ORDINARY,
                By.SELF,
                evidence));
    assertThat(agreed).isInstanceOf(Outcome.Done.class);
  }

  private void collectUse(SubjectId person) {
    scene.collect(
        person,
        Map.of(
            "log.feature-use",
            List.of(
                Map.of(
                    "observedAt",
                    "2026-01-01T00:00:00Z",
                    "value",
                    Map.of("event", "open", "attributes", Map.of())))));
  }

  private List<?> choices(SubjectId person) {
    return ((SubjectView.Choices) PLEDGE.pledge().choices(scene.backend, person, null, 10))
        .current();
  }

  /** Somebody who left `meeting` so long ago that nothing of it is kept, and uses `calendar`. */
  private SubjectId leftAndStayed(String inMeeting, String inCalendar) {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("external", inMeeting));
    join(person, "calendar");
    scene.collect(
        scene.backend,
        person,
        Scene.from("calendar", "person", Map.of("account.external-id", inCalendar)));
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(16));
    return person;
  }

  private Found found(String product, String number) {
    return PLEDGE.pledge().find(scene.backend, "external", number, "authentication", product);
  }

  @Test
  @Clause({"V.3", "IV.1"})
  void joiningAnotherProductDoesNotBringBackTheAccountEither() {
    SubjectId person = scene.adult();
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(16));
    join(person, "calendar");
    assertThat(calendar(person, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Absent.class);
  }

  @Test
  @Clause({"V.3", "IV.1"})
  void whatTheGeneralProductHeldDoesNotComeBackEither() {
    SubjectId person = scene.adult();
    scene.collect(
        scene.backend, person, Scene.from("general", "person", Map.of("device.language", "en")));
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(16));
    join(person, "meeting");
    assertThat(rows("datum", person)).isZero();
  }

  @Test
  @Clause("V.3")
  void whoComesBackInTimeFindsEverything() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    close(person, "meeting");
    CLOCK.shift(DAY.multipliedBy(14));
    join(person, "meeting");
    assertThat(field(person, "settings", "device.language")).isInstanceOf(FieldAnswer.Shown.class);
  }

  @Test
  @Clause({"II.II.3", "II.II.6", "V.3"})
  void whatWasGrantedEndsWithTheUseOfTheProduct() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    scene.collect(person, Map.of("device.language", "en"));
    close(person, "meeting");
    join(person, "meeting");
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("consent-missing");
    assertThat(field(person, "settings", "device.language")).isInstanceOf(FieldAnswer.Shown.class);
    scene.grant(person, "recommendation");
    assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause({"II.II.3", "V.2"})
  void whatWasWithdrawnStaysWithdrawnWhoeverComesBack() {
    SubjectId person = scene.adult();
    scene.withdraw(person, "recommendation");
    close(person, "meeting");
    join(person, "meeting");
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("consent-withdrawn");
  }

  @Test
  @Clause({"IV.1", "V.3"})
  void anAliasIsFreeWhenItsHolderLeftAndItIsNoLongerKept() {
    String email = Scene.address();
    SubjectId left = PLEDGE.adult(scene.backend, Map.of("email", email));
    close(left, "meeting");
    assertThat(registered(email)).isInstanceOf(Registered.AliasTaken.class);
    CLOCK.shift(DAY.multipliedBy(14));
    assertThat(registered(email)).isInstanceOf(Registered.AliasTaken.class);
    CLOCK.shift(DAY.multipliedBy(16));
    SubjectId next = ((Registered.Subject) registered(email)).subject();
    assertThat(PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(next));
    assertThat(rows("datum", left) + rows("alias", left)).isZero();
    assertThat(scene.last(left).kind()).isEqualTo(Kind.EXPIRE);
    join(left, "meeting");
    assertThat(field(left, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Absent.class);
  }

  @Test
  @Clause({"0.1", "IV.1"})
  void whoAcceptsLateDoesNotBringBackWhatWasKeptForAMonthWithoutAcceptance() {
    SubjectId late = unaccepted();
    SubjectId inTime = unaccepted();
    CLOCK.shift(DAY.multipliedBy(29));
    accept(inTime);
    CLOCK.shift(DAY.multipliedBy(31));
    accept(late);
    assertThat(field(late, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Absent.class);
    assertThat(rows("datum", late) + rows("alias", late)).isZero();
    assertThat(scene.history(late).stream().map(line -> line.recorded().entry().facts().kind()))
        .contains(Kind.EXPIRE);
    assertThat(field(inTime, "customer-service", "contact.email"))
        .isInstanceOf(FieldAnswer.Shown.class);
    assertThat(rows("alias", inTime)).isEqualTo(1);
  }

  private SubjectId unaccepted() {
    return ((Registered.Subject) registered(Scene.address(), null)).subject();
  }

  private void accept(SubjectId person) {
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, changes -> changes.accept(person, TestPledge.acceptance())))
        .isInstanceOf(Outcome.Done.class);
  }

  private Registered registered(String email) {
    return registered(email, TestPledge.acceptance());
  }

  private Registered registered(String email, @Nullable Acceptance accepted) {
    return scene.register(
        scene.backend,
        new Registration(
            "meeting",
            Map.of("email", email),
            LocalDate.of(1990, 1, 1),
            accepted,
            List.of(),
            null));
  }

  @Test
  @Clause({"II.II.3", "II.II.6"})
  void nothingIsGrantedForAProductThatIsNotUsed() {
    SubjectId person = scene.adult();
    ConsentChange calendar =
        Scene.choice(
            "recommendation", Answer.GRANTED, "calendar", null, Coverage.ORDINARY, By.SELF);
    assertThat(((Outcome.Refused) scene.consent(person, calendar)).reason().code())
        .isEqualTo("not-a-member");
    close(person, "meeting");
    assertThat(
            ((Outcome.Refused)
                    scene.consent(
                        person, TestPledge.choice("recommendation", Answer.GRANTED, By.SELF)))
                .reason()
                .code())
        .isEqualTo("account-closed");
  }

  @Test
  @Clause("II.I.9")
  void otherProductsObservationsDoNotHideAProductsOwn() {
    SubjectId person = scene.adult();
    join(person, "calendar");
    scene.grant(person, "recommendation");
    scene.collect(person, Map.of("log.feature-use", List.of(opened("2026-01-01T00:00:00Z"))));
    scene.consent(
        person,
        Scene.choice(
            "recommendation", Answer.GRANTED, "calendar", null, Coverage.ORDINARY, By.SELF));
    List<Map<String, Object>> many = new ArrayList<>();
    for (int i = 0; i < Window.DEFAULT.limit() + 20; i++) {
      many.add(opened(Instant.parse("2026-02-01T00:00:00Z").plusSeconds(i).toString()));
    }
    scene.collect(
        scene.backend, person, Scene.from("calendar", "person", Map.of("log.feature-use", many)));
    assertThat(use(person))
        .isInstanceOfSatisfying(
            FieldAnswer.Shown.class, shown -> assertThat(shown.values()).hasSize(1));
  }

  private static Map<String, Object> opened(String at) {
    return Map.of("observedAt", at, "value", Map.of("event", "open", "attributes", Map.of()));
  }

  private FieldAnswer field(SubjectId person, String purpose, String field) {
    return scene.read(scene.backend, person, purpose, field).fields().getFirst();
  }

  private FieldAnswer calendar(SubjectId person, String purpose, String field) {
    return ((ReadAnswer.Answer)
            PLEDGE
                .pledge()
                .read(ReadRequest.of(scene.backend, purpose, "calendar", List.of(field)), person))
        .fields()
        .getFirst();
  }

  private void join(SubjectId person, String product) {
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, changes -> changes.join(person, product, TestPledge.acceptance())))
        .isInstanceOf(Outcome.Done.class);
  }

  private Outcome close(SubjectId person, String product) {
    return PLEDGE.change(
        scene.backend, changes -> changes.close(person, product, Set.of()).outcome());
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
