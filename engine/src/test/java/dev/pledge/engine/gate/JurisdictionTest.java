package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.choice;
import static dev.pledge.engine.gate.Scene.fate;
import static dev.pledge.policy.decision.SubjectState.Answer.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is a child where: 18 in China, 16 in Germany and 13 in the United States. */
class JurisdictionTest {
  private static final String BIRTH_DATE = "identity.birth-date";
  private static final Map<String, Object> LANGUAGE = Map.of("device.language", "en");

  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.under(
          TestPledge.reworded(
              "jurisdictions: [CN]",
              "jurisdictions: [CN, US, DE]",
              "\n  under: 18",
              "\n  under: { CN: 18, US: 13, DE: 16 }",
              "\n  sensitive-under: 14",
              "\n  sensitive-under: { CN: 14, US: 13, DE: 14 }",
              "method: [cookies, server-log]",
              "method: [server-log]",
              "    destinations: [CN]\n    purposes: [backup]",
              "    destinations: [CN]\n    safeguards: [standard-clauses]\n    purposes: [backup]",
              "\n  answer-within: P30D",
              "\n  answer-within: P28D"));

  private final Scene scene = new Scene(PLEDGE);
  private final LocalDate today =
      InstantSource.system().instant().atZone(ZoneOffset.UTC).toLocalDate();

  @Test
  @Clause("VI.1")
  void atFifteenOneNeedsAGuardianInGermanyAndNoneInTheUnitedStates() {
    assertThat(register("US", 15)).isInstanceOf(Registered.Subject.class);
    assertThat(register("US-CA", 15)).isInstanceOf(Registered.Subject.class);
    assertThat(refusal(register("DE", 15))).isEqualTo("guardian-missing");
    assertThat(age(child("DE", 15))).isEqualTo(Age.MINOR);
    assertThat(age(registered("US", 15))).isEqualTo(Age.ADULT);
    assertThat(age(child("US", 12))).isEqualTo(Age.SENSITIVE_MINOR);
  }

  @Test
  @Clause("VI.1")
  void whereNobodyKnowsOrNoneOfThePolicysThereIsTheHighestAgeCounts() {
    assertThat(refusal(register(null, 17))).isEqualTo("guardian-missing");
    assertThat(refusal(register("JP", 17))).isEqualTo("guardian-missing");
    assertThat(register("DE", 17)).isInstanceOf(Registered.Subject.class);
  }

  @Test
  @Clause("VI.1")
  void movingChangesTheNextDecision() {
    SubjectId person = registered("US", 15);
    scene.collect(person, LANGUAGE);
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
    assertThat(move(person, "DE")).isInstanceOf(Outcome.Done.class);
    assertThat(age(person)).isEqualTo(Age.MINOR);
    assertThat(scene.refusal(scene.backend, person, "settings", "device.language"))
        .isEqualTo("guardian-missing");
    assertThat(fate(scene.collect(person, LANGUAGE), "device.language"))
        .isEqualTo("guardian-missing");
    move(person, "US");
    assertThat(age(person)).isEqualTo(Age.ADULT);
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause("VI.1")
  void aMoveIsSeenAndStandsInTheHistory() {
    SubjectId person = registered("US", 15);
    move(person, "CN");
    Facts entry = scene.last(person);
    assertThat(entry.kind()).isEqualTo(Kind.MOVE);
    assertThat(entry.standing().age()).contains("adult");
    assertThat(state(person).jurisdiction()).isEqualTo("CN");
  }

  @Test
  @Clause({"VI.1", "II.I.5"})
  void whoIsAChildWhereTheyMovedIsInNoAudience() {
    Caller marketer = scene.service("marketer-j", "marketer");
    SubjectId person = registered("US", 15);
    scene.consent(
        person, choice("promotion", GRANTED, "meeting", "email", Coverage.ORDINARY, By.SELF));
    assertThat(audience(marketer)).contains(person);
    move(person, "DE");
    assertThat(audience(marketer)).doesNotContain(person);
    move(person, "US");
    assertThat(audience(marketer)).contains(person);
  }

  @Test
  @Clause("VI.1")
  void aBirthDateAmongTheValuesIsReadByThePersonsOwnLaw() {
    Map<String, Object> born = Map.of(BIRTH_DATE, today.minusYears(15).toString());
    SubjectId american = registered("US", null);
    SubjectId german = registered("DE", null);
    scene.collect(american, born);
    scene.collect(german, born);
    assertThat(age(american)).isEqualTo(Age.ADULT);
    assertThat(age(german)).isEqualTo(Age.MINOR);
  }

  @Test
  @Clause({"VI.1", "V.1"})
  void whatShowsAChildAnywhereIsKnownUntilTheyAreNoneAnywhere() {
    SubjectId young = registered("US", null);
    SubjectId grown = registered("US", null);
    scene.collect(young, Map.of(BIRTH_DATE, today.minusYears(15).toString()));
    scene.collect(grown, Map.of(BIRTH_DATE, today.minusYears(30).toString()));
    for (SubjectId person : List.of(young, grown)) {
      PLEDGE.change(scene.backend, changes -> changes.delete(person, List.of(BIRTH_DATE)));
      assertThat(age(person)).isEqualTo(Age.ADULT);
      move(person, "CN");
    }
    assertThat(age(young)).isEqualTo(Age.MINOR);
    assertThat(age(grown)).isEqualTo(Age.ADULT);
  }

  @Test
  void whomACallerDoesNotWorkForIsNobodyWhoMoves() {
    SubjectId person = registered("US", 15);
    Caller stranger =
        scene.actor(
            "stranger-j",
            Asker.Kind.SERVICE,
            Set.of(new ProductId("calendar")),
            Set.of(),
            "product-backend");
    assertThat(PLEDGE.<Outcome>change(stranger, changes -> changes.move(person, new Move("DE"))))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(state(person).jurisdiction()).isEqualTo("US");
  }

  @Test
  void aJurisdictionIsACodeAndNoFreeText() {
    assertThat(new Move("EU").jurisdiction()).isEqualTo("EU");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Move("Germany"))
        .withMessageContaining("ISO 3166");
  }

  private static Outcome move(SubjectId person, String jurisdiction) {
    return PLEDGE.change(
        new Scene(PLEDGE).backend, changes -> changes.move(person, new Move(jurisdiction)));
  }

  private Registered register(
      @Nullable String jurisdiction, @Nullable Integer years, ConsentChange... consents) {
    return scene.register(
        scene.backend,
        new Registration(
            "meeting",
            Map.of("email", Scene.address()),
            years == null ? null : today.minusYears(years),
            TestPledge.acceptance(),
            List.of(consents),
            jurisdiction));
  }

  private SubjectId registered(@Nullable String jurisdiction, @Nullable Integer years) {
    return ((Registered.Subject) register(jurisdiction, years)).subject();
  }

  private SubjectId child(String jurisdiction, int years) {
    Registered registered =
        register(
            jurisdiction,
            years,
            choice("authentication", GRANTED, "meeting", null, Coverage.ORDINARY, By.GUARDIAN),
            choice("authentication", GRANTED, "meeting", null, Coverage.SENSITIVE, By.GUARDIAN));
    return ((Registered.Subject) registered).subject();
  }

  private static String refusal(Registered registered) {
    return ((Registered.Refused) registered).reason().code();
  }

  private SubjectView.State state(SubjectId person) {
    return (SubjectView.State) PLEDGE.pledge().subject(scene.backend, person);
  }

  private Age age(SubjectId person) {
    return state(person).state().age();
  }

  private static List<SubjectId> audience(Caller caller) {
    List<SubjectId> people = new ArrayList<>();
    PLEDGE.pledge().audience(caller, "promotion", "email", "meeting", people::add);
    return people;
  }
}
