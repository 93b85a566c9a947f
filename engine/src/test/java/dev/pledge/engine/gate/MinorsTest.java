package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.choice;
import static dev.pledge.engine.gate.Scene.fate;
import static dev.pledge.policy.decision.SubjectState.Answer.GRANTED;
import static dev.pledge.policy.decision.SubjectState.Answer.WITHDRAWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.subject.StoredAge;
import dev.pledge.policy.decision.Policy.AgeLimits;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MinorsTest {
  private static final String BIRTH_DATE = "identity.birth-date";
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge();

  private final Scene scene = new Scene(PLEDGE);
  private final LocalDate today =
      InstantSource.system().instant().atZone(ZoneOffset.UTC).toLocalDate();

  @AfterEach
  void backToNow() {
    CLOCK.shift(Duration.ZERO);
  }

  @Test
  @Clause("VI.1")
  void ofAChildNothingIsStoredBeforeAGuardianAgrees() {
    long before = rows();
    Registered refused = scene.register(today.minusYears(10));
    assertThat(((Registered.Refused) refused).reason().code()).isEqualTo("guardian-missing");
    Registered alone =
        scene.register(today.minusYears(10), TestPledge.choice("settings", GRANTED, By.SELF));
    assertThat(((Registered.Refused) alone).reason().code()).isEqualTo("guardian-missing");
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  @Clause({"VI.1", "V.2"})
  void aGuardianDecidesPurposeByPurposeAndTheChildMayRefuse() {
    SubjectId child = child(15, "authentication", "settings");
    assertThat(fate(scene.collect(child, Map.of("device.language", "en")), "device.language"))
        .isEqualTo("stored");
    assertThat(fate(scene.collect(child, Map.of("identity.name", "Xiao")), "identity.name"))
        .isEqualTo("guardian-missing");
    assertThat(scene.clear(child, "settings", "device.language")).isEqualTo("en");
    scene.grant(child, "recommendation");
    assertThat(scene.refusal(scene.backend, child, "recommendation", "device.language"))
        .isEqualTo("guardian-missing");
    scene.withdraw(child, "settings");
    assertThat(scene.refusal(scene.backend, child, "settings", "device.language"))
        .isEqualTo("consent-withdrawn");
  }

  @Test
  @Clause("VI.1")
  void aRefusedCorrectionMakesNobodyOlder() {
    SubjectId child = child(10, "authentication");
    assertThat(age(child)).isEqualTo(Age.SENSITIVE_MINOR);
    Collected corrected =
        PLEDGE.change(
            scene.backend,
            changes ->
                changes.correct(
                    child, Collection.corrections("meeting", Map.of("identity.age", 17))));
    assertThat(fate((Collected.Answer) corrected, "identity.age")).isEqualTo("guardian-missing");
    assertThat(age(child)).isEqualTo(Age.SENSITIVE_MINOR);
  }

  @Test
  @Clause("VI.1")
  void anAdultOfOnePolicyIsOfUnknownAgeUnderOneThatAsksForMore() {
    AgeLimits eighteen = new AgeLimits(18, 14, UnknownAge.MINOR);
    AgeLimits twentyOne = new AgeLimits(21, 14, UnknownAge.MINOR);
    StoredAge adult = new StoredAge(Age.ADULT, 18, null);
    assertThat(AgeEvidence.isSettled(adult, eighteen)).isTrue();
    assertThat(AgeEvidence.isSettled(adult, twentyOne)).isFalse();
    assertThat(AgeEvidence.NONE.age(Instant.EPOCH, twentyOne)).isEqualTo(Age.UNKNOWN);
  }

  @Test
  @Clause("VI.1")
  void aGuardianWithdrawsAgain() {
    SubjectId child = child(15, "authentication", "settings");
    scene.collect(child, Map.of("device.language", "en"));
    scene.consent(child, choice("settings", WITHDRAWN, null, null, Coverage.ALL, By.GUARDIAN));
    assertThat(scene.refusal(scene.backend, child, "settings", "device.language"))
        .isEqualTo("guardian-missing");
  }

  @Test
  @Clause("VI.4")
  void ofAYoungChildEverythingIsSensitive() {
    Map<String, Object> language = Map.of("device.language", "en");
    SubjectId older = bare(15, guardian("settings"));
    SubjectId young = bare(10, guardian("settings"));
    assertThat(fate(scene.collect(older, language), "device.language")).isEqualTo("stored");
    assertThat(fate(scene.collect(young, language), "device.language"))
        .isEqualTo("sensitive-consent-missing");
    scene.consent(
        young, choice("settings", GRANTED, "meeting", null, Coverage.SENSITIVE, By.GUARDIAN));
    assertThat(fate(scene.collect(young, language), "device.language")).isEqualTo("stored");
  }

  @Test
  @Clause({"VI.1", "VI.4"})
  void whoComesOfAgeDecidesFromThatDayOn() {
    LocalDate birth = today.minusYears(18).plusDays(2);
    SubjectId person =
        registered(
            birth,
            guardian("authentication"),
            guardian("settings"),
            TestPledge.choice("recommendation", GRANTED, By.SELF));
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("guardian-missing");
    assertThat(age(person)).isEqualTo(Age.MINOR);
    CLOCK.shift(Duration.ofDays(3));
    assertThat(age(person)).isEqualTo(Age.ADULT);
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("consent-missing");
    scene.grant(person, "recommendation");
    assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("en");
    assertThat(scene.last(person).standing().age()).contains("adult");
  }

  @Test
  @Clause({"VI.1", "V.2", "II.II.6"})
  void whatAChildSaysYesToOnlyTakesBackWhatTheyRefused() {
    SubjectId child = child(15, "authentication", "settings", "recommendation");
    scene.collect(child, Map.of("device.language", "en"));
    scene.withdraw(child, "settings");
    assertThat(read(child, "settings")).isInstanceOf(FieldAnswer.Withheld.class);
    scene.grant(child, "settings");
    assertThat(scene.clear(child, "settings", "device.language")).isEqualTo("en");
    scene.consent(
        child, choice("recommendation", WITHDRAWN, null, null, Coverage.ALL, By.GUARDIAN));
    scene.grant(child, "recommendation");
    assertThat(read(child, "recommendation")).isInstanceOf(FieldAnswer.Withheld.class);
    SubjectView.Choices choices =
        (SubjectView.Choices) PLEDGE.pledge().choices(scene.backend, child, null, 100);
    assertThat(choices.events().getFirst().by()).isEqualTo(By.CHILD);
    assertThat(choices.events().getFirst().answer()).isEqualTo(GRANTED);
    assertThat(choices.current().stream().map(choice -> choice.by())).contains(By.CHILD);
  }

  private FieldAnswer read(SubjectId child, String purpose) {
    return scene.read(scene.backend, child, purpose, "device.language").fields().getFirst();
  }

  @Test
  @Clause({"VI.1", "II.I.5"})
  void childrenAreNeverInTheAudience() {
    Caller marketer = scene.service("marketer-m", "marketer");
    SubjectId child =
        registered(
            today.minusYears(17).minusDays(364),
            guardian("authentication"),
            choice("promotion", GRANTED, "meeting", "email", Coverage.ORDINARY, By.GUARDIAN));
    scene.consent(
        child, choice("promotion", GRANTED, "meeting", "email", Coverage.ORDINARY, By.SELF));
    assertThat(audience(marketer)).doesNotContain(child);
    CLOCK.shift(Duration.ofDays(3));
    assertThat(audience(marketer)).doesNotContain(child);
    scene.consent(
        child, choice("promotion", GRANTED, "meeting", "email", Coverage.ORDINARY, By.SELF));
    assertThat(audience(marketer)).contains(child);
  }

  @Test
  @Clause("VI.1")
  void anUnknownAgeCountsAsThePolicySays() {
    SubjectId person = registered(null);
    assertThat(age(person)).isEqualTo(Age.UNKNOWN);
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause("VI.1")
  void aBirthDateAmongTheValuesShowsAChildAtOnce() {
    SubjectId person = registered(null);
    scene.collect(person, Map.of("device.language", "en"));
    Collected.Answer answer =
        scene.collect(
            person,
            Map.of(BIRTH_DATE, today.minusYears(15).toString(), "device.resolution", "800x600"));
    assertThat(fate(answer, BIRTH_DATE)).isEqualTo("stored");
    assertThat(fate(answer, "device.resolution")).isEqualTo("guardian-missing");
    assertThat(age(person)).isEqualTo(Age.MINOR);
    assertThat(scene.refusal(scene.backend, person, "settings", "device.language"))
        .isEqualTo("guardian-missing");
    scene.consent(person, guardian("settings"));
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause("VI.1")
  void aValueRefusedForWantOfAGuardianStillShowsAChild() {
    SubjectId person = registered(null);
    scene.grantSensitive(person, "identity-check");
    String number = residentId(today.minusYears(12));
    assertThat(
            fate(scene.collect(person, Map.of("identity.id-number", number)), "identity.id-number"))
        .isEqualTo("guardian-missing");
    assertThat(age(person)).isEqualTo(Age.SENSITIVE_MINOR);
    assertThat(scene.refusal(scene.backend, person, "authentication", "contact.email"))
        .isEqualTo("guardian-missing");
  }

  @Test
  @Clause("VI.1")
  void anAgeIsTakenForTheYoungestItCanMean() {
    SubjectId person = registered(null);
    scene.grant(person, "recommendation");
    scene.collect(person, Map.of("identity.age", 17));
    assertThat(age(person)).isEqualTo(Age.MINOR);
    CLOCK.shift(Duration.ofDays(300));
    assertThat(age(person)).isEqualTo(Age.MINOR);
    CLOCK.shift(Duration.ofDays(367));
    assertThat(age(person)).isEqualTo(Age.ADULT);
  }

  @Test
  @Clause("VI.1")
  void collectingNeverMakesAnybodyOlderACorrectionMay() {
    SubjectId person = registered(null);
    scene.collect(person, born(10));
    scene.collect(person, born(30));
    assertThat(age(person)).isEqualTo(Age.SENSITIVE_MINOR);
    correct(scene.backend, person, born(30));
    assertThat(age(person)).isEqualTo(Age.ADULT);
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause("VI.1")
  void aCorrectionReplacesWhatWasToldAtRegistration() {
    SubjectId person = registered(today.minusYears(15), guardian("authentication"));
    assertThat(age(person)).isEqualTo(Age.MINOR);
    correct(scene.backend, person, born(25));
    assertThat(age(person)).isEqualTo(Age.ADULT);
  }

  @Test
  @Clause({"VI.1", "IV.3"})
  void whoMayNotStoreAnAgeTellsNone() {
    Caller support = scene.staff("support-ages", "support-agent");
    SubjectId adult = registered(null);
    correct(support, adult, born(10));
    assertThat(age(adult)).isEqualTo(Age.UNKNOWN);
    SubjectId child = registered(today.minusYears(15), guardian("authentication"));
    Map<String, Object> values = new HashMap<>(born(40));
    values.put("identity.name", "Xiao");
    assertThat(fate(correct(support, child, values), "identity.name"))
        .isEqualTo("guardian-missing");
    assertThat(age(child)).isEqualTo(Age.MINOR);
  }

  @Test
  @Clause("VI.1")
  void aCorrectionToAnAdultOpensNothingInItsOwnRequest() {
    SubjectId child = registered(today.minusYears(15), guardian("authentication"));
    Map<String, Object> values = new HashMap<>(born(40));
    values.put("device.language", "en");
    assertThat(fate(correct(scene.backend, child, values), "device.language"))
        .isEqualTo("guardian-missing");
    assertThat(age(child)).isEqualTo(Age.ADULT);
  }

  @Test
  @Clause({"V.1", "VI.1"})
  void deletingABirthDateMakesNobodyOlder() {
    SubjectId child = registered(null);
    scene.collect(child, born(15));
    delete(child, BIRTH_DATE);
    assertThat(age(child)).isEqualTo(Age.MINOR);
    CLOCK.shift(Duration.ofDays(3 * 366));
    assertThat(age(child)).isEqualTo(Age.ADULT);
  }

  @Test
  @Clause("V.1")
  void ofAnAdultNothingIsLeftOfADeletedBirthDate() {
    SubjectId person = registered(null);
    scene.grant(person, "recommendation");
    scene.collect(person, Map.of("identity.age", 40));
    assertThat(birthKept(person)).isTrue();
    delete(person, "identity.age");
    assertThat(birthKept(person)).isFalse();
    assertThat(age(person)).isEqualTo(Age.ADULT);
  }

  @Test
  void aBirthDateLiesBetween1900AndToday() {
    Registered.AliasesRefused refused =
        (Registered.AliasesRefused) scene.register(today.plusDays(2), guardian("authentication"));
    assertThat(refused.refusals().getFirst().field()).isEqualTo("birthDate");
    assertThatThrownBy(() -> scene.register(LocalDate.of(1899, 12, 31)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`birthDate`");
  }

  /** A well-formed resident id number, made here independently of what checks it. */
  private static String residentId(LocalDate birth) {
    String body = "110105" + birth.format(DateTimeFormatter.BASIC_ISO_DATE) + "002";
    int[] weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * (body.charAt(i) - '0');
    }
    return body + "10X98765432".charAt(sum % 11);
  }

  private Map<String, Object> born(int yearsAgo) {
    return Map.of(BIRTH_DATE, today.minusYears(yearsAgo).toString());
  }

  private static Collected.Answer correct(
      Caller caller, SubjectId person, Map<String, Object> values) {
    return (Collected.Answer)
        PLEDGE.change(
            caller, changes -> changes.correct(person, Scene.from("meeting", "person", values)));
  }

  private void delete(SubjectId person, String field) {
    PLEDGE.change(scene.backend, changes -> changes.delete(person, List.of(field)));
  }

  private static boolean birthKept(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select birth_sealed is not null from subject where subject_id = :id")
                    .bind("id", person.value())
                    .mapTo(Boolean.class)
                    .one());
  }

  private SubjectId child(int years, String... purposes) {
    List<ConsentChange> consents = new ArrayList<>();
    for (String purpose : purposes) {
      consents.add(guardian(purpose));
      consents.add(choice(purpose, GRANTED, "meeting", null, Coverage.SENSITIVE, By.GUARDIAN));
    }
    return registered(today.minusYears(years), consents.toArray(ConsentChange[]::new));
  }

  private SubjectId bare(int years, ConsentChange... consents) {
    Registration registration =
        new Registration(
            "meeting",
            Map.of(),
            today.minusYears(years),
            TestPledge.acceptance(),
            List.of(consents),
            null);
    return ((Registered.Subject) scene.register(scene.backend, registration)).subject();
  }

  private SubjectId registered(LocalDate birth, ConsentChange... consents) {
    return ((Registered.Subject) scene.register(birth, consents)).subject();
  }

  private static ConsentChange guardian(String purpose) {
    return choice(purpose, GRANTED, "meeting", null, Coverage.ORDINARY, By.GUARDIAN);
  }

  private Age age(SubjectId person) {
    return ((SubjectView.State) PLEDGE.pledge().subject(scene.backend, person)).state().age();
  }

  private static List<SubjectId> audience(Caller caller) {
    List<SubjectId> people = new ArrayList<>();
    PLEDGE.pledge().audience(caller, "promotion", "email", "meeting", people::add);
    return people;
  }

  private static long rows() {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        select (select count(*) from subject) + (select count(*) from alias)
                             + (select count(*) from datum) + (select count(*) from subject_key)
                             + (select count(*) from consent_event) + (select count(*) from history)
                        """)
                    .mapTo(Long.class)
                    .one());
  }
}
