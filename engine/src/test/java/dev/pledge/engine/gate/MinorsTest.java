package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.choice;
import static dev.pledge.engine.gate.Scene.fate;
import static dev.pledge.policy.decision.SubjectState.Answer.GRANTED;
import static dev.pledge.policy.decision.SubjectState.Answer.WITHDRAWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MinorsTest {
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
        .isEqualTo("guardian-missing");
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
    SubjectId person = registered(birth, guardian("authentication"), guardian("settings"));
    scene.collect(person, Map.of("device.language", "en"));
    scene.grant(person, "recommendation");
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("guardian-missing");
    assertThat(age(person)).isEqualTo(Age.MINOR);
    CLOCK.shift(Duration.ofDays(3));
    assertThat(age(person)).isEqualTo(Age.ADULT);
    assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("en");
    assertThat(scene.last(person).standing().age()).contains("adult");
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
