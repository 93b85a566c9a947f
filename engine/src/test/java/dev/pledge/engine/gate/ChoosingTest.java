package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.choice;
import static dev.pledge.engine.gate.Scene.fate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChoosingTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final Set<ProductId> CALENDAR = Set.of(new ProductId("calendar"));

  private final Scene scene = new Scene(PLEDGE);

  private static ConsentChange by(String act) {
    return new ConsentChange(
        "recommendation",
        Answer.GRANTED,
        "meeting",
        null,
        Coverage.ORDINARY,
        By.SELF,
        new Evidence(act, "n", "en", TestPledge.now(), null));
  }

  @Test
  @Clause("V.2")
  void aWithdrawalThatWouldChangeNothingIsNotAnsweredAsIfItDid() {
    SubjectId person = scene.adult();
    Outcome refused =
        scene.consent(person, TestPledge.choice("customer-service", Answer.WITHDRAWN, By.SELF));
    assertThat(reason(refused)).isEqualTo("cannot-be-withdrawn");
  }

  @Test
  @Clause({"V.2", "I.1"})
  void theExplicitConsentToSensitiveDataIsWithdrawnAlsoWhereTheContractNeedsTheRest() {
    SubjectId person = scene.adult();
    for (Coverage coverage : List.of(Coverage.SENSITIVE, Coverage.ALL)) {
      scene.grantSensitive(person, "payment");
      scene.collect(person, Map.of("payment.bank-card", "4111111111111111"));
      assertThat(scene.clear(person, "payment", "payment.bank-card")).isNotNull();
      assertThat(scene.consent(person, payment(coverage))).isInstanceOf(Outcome.Done.class);
      assertThat(scene.refusal(scene.backend, person, "payment", "payment.bank-card"))
          .isEqualTo("sensitive-consent-withdrawn");
    }
    assertThat(reason(scene.consent(person, payment(Coverage.ORDINARY))))
        .isEqualTo("cannot-be-withdrawn");
  }

  private static ConsentChange payment(Coverage coverage) {
    return choice("payment", Answer.WITHDRAWN, "meeting", null, coverage, By.SELF);
  }

  @Test
  @Clause("II.II.6")
  void evidenceNamesTheLanguageOfTheWording() {
    assertThatThrownBy(
            () -> new Evidence("moved-switch", "n", "\uD83D\uDD96", TestPledge.now(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`language`");
  }

  @Test
  @Clause({"II.II.6", "II.I.8"})
  void onlyAnAffirmativeActGrants() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    for (String act : List.of("silence", "pre-ticked", "continued-use", "CHECKED-BOX")) {
      assertThat(reason(scene.consent(person, by(act)))).isEqualTo("not-affirmative");
    }
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("consent-missing");
    assertThat(scene.consent(person, by("moved-switch"))).isInstanceOf(Outcome.Done.class);
    assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause({"0.1", "II.II.6"})
  void evidenceIsOfATimeAtWhichItsWordingWasInForce() {
    SubjectId person = registered(null);
    Instant now = TestPledge.now();
    for (String notice : List.of("emeet@2020-04-23", "form-7")) {
      for (Instant impossible :
          List.of(Instant.parse("2020-04-22T23:59:59Z"), now.plus(Duration.ofMinutes(10)))) {
        Evidence evidence = new Evidence("signed", notice, "en", impossible, null);
        assertThat(reason(scene.consent(person, at(Answer.GRANTED, evidence))))
            .isEqualTo("evidence-time");
        assertThat(reason(accept(person, evidence))).isEqualTo("evidence-time");
      }
      for (Instant possible :
          List.of(Instant.parse("2020-04-23T00:00:00Z"), now.plus(Duration.ofMinutes(2)))) {
        Evidence evidence = new Evidence("signed", notice, "en", possible, null);
        assertThat(scene.consent(person, at(Answer.GRANTED, evidence)))
            .isInstanceOf(Outcome.Done.class);
        assertThat(accept(person, evidence)).isInstanceOf(Outcome.Done.class);
      }
    }
  }

  @Test
  @Clause({"V.2", "II.II.6"})
  void whatIsChosenAtRegistrationIsJudgedAsLater() {
    ConsentChange elsewhere =
        choice("recommendation", Answer.GRANTED, "calendar", null, Coverage.ORDINARY, By.SELF);
    ConsentChange idle = TestPledge.choice("customer-service", Answer.WITHDRAWN, By.SELF);
    LocalDate birth = LocalDate.of(1990, 1, 1);
    assertThat(((Registered.Refused) scene.register(birth, elsewhere)).reason().code())
        .isEqualTo("not-a-member");
    assertThat(((Registered.Refused) scene.register(birth, idle)).reason().code())
        .isEqualTo("cannot-be-withdrawn");
  }

  @Test
  @Clause("V.2")
  void lateNewsOfAGrantDoesNotUndoAWithdrawal() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    Evidence old =
        new Evidence("signed", "n", "en", TestPledge.now().minus(Duration.ofMinutes(6)), null);
    assertThat(scene.consent(person, at(Answer.GRANTED, old))).isInstanceOf(Outcome.Done.class);
    Evidence undated = new Evidence("spoken", "n", "en", Instant.EPOCH, null);
    ConsentChange everywhere =
        ConsentChange.of("recommendation", Answer.WITHDRAWN, null, null, By.SELF, undated);
    assertThat(scene.consent(person, everywhere)).isInstanceOf(Outcome.Done.class);
    assertThat(reason(scene.consent(person, at(Answer.GRANTED, old)))).isEqualTo("evidence-time");
    scene.grant(person, "recommendation");
  }

  @Test
  @Clause("V.2")
  void whatWasTakenBackIsNotToldAsCounting() {
    SubjectId person = scene.adult();
    scene.consent(person, promotion(Answer.GRANTED, "email"));
    scene.consent(person, promotion(Answer.GRANTED, "sms"));
    scene.consent(person, choice("promotion", Answer.WITHDRAWN, null, null, Coverage.ALL, By.SELF));
    assertThat(counting(person)).containsExactly(Answer.WITHDRAWN);
    scene.consent(person, promotion(Answer.GRANTED, "sms"));
    assertThat(counting(person)).containsExactly(Answer.WITHDRAWN, Answer.GRANTED);
  }

  private List<Answer> counting(SubjectId person) {
    return ((SubjectView.Choices) PLEDGE.pledge().choices(scene.backend, person, null, 10))
        .current().stream().map(Choice::answer).toList();
  }

  @Test
  @Clause("VI.1")
  void nobodyActsAsTheGuardianOfAnAdult() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    for (Answer answer : Answer.values()) {
      assertThat(
              reason(
                  scene.consent(person, TestPledge.choice("recommendation", answer, By.GUARDIAN))))
          .isEqualTo("no-guardian-needed");
    }
    assertThat(counting(person)).containsExactly(Answer.GRANTED);
  }

  @Test
  @Clause("IX.2")
  void nobodyAcceptsAVersionThatThereIsNot() {
    SubjectId person = scene.adult();
    Acceptance none = new Acceptance(PolicyVersion.of("emeet@2020-04-24"), TestPledge.evidence());
    assertThat(reason(PLEDGE.<Outcome>change(scene.backend, c -> c.accept(person, none))))
        .isEqualTo("unknown-version");
  }

  private static ConsentChange at(Answer answer, Evidence evidence) {
    return ConsentChange.of("recommendation", answer, "meeting", null, By.SELF, evidence);
  }

  private Outcome accept(SubjectId person, Evidence evidence) {
    Acceptance acceptance = new Acceptance(TestPledge.EMEET, evidence);
    return PLEDGE.change(scene.backend, changes -> changes.accept(person, acceptance));
  }

  @Test
  @Clause({"II.I.8", "II.II.6"})
  void aGrantNamesWhatItIsForAndCoversNoMore() {
    SubjectId person = scene.adult();
    assertThat(
            reason(
                scene.consent(
                    person,
                    choice(
                        "recommendation", Answer.GRANTED, null, null, Coverage.ORDINARY, By.SELF))))
        .isEqualTo("grant-too-wide");
    assertThat(reason(scene.consent(person, promotion(Answer.GRANTED, null))))
        .isEqualTo("grant-too-wide");
    assertThat(
            reason(
                scene.consent(
                    person,
                    choice(
                        "promotion", Answer.GRANTED, "meeting", "email", Coverage.ALL, By.SELF))))
        .isEqualTo("grant-too-wide");
    assertThat(reason(scene.consent(person, promotion(Answer.GRANTED, "pigeon"))))
        .isEqualTo("unknown-channel");
    assertThat(
            reason(
                scene.consent(
                    person,
                    choice(
                        "profiling",
                        Answer.GRANTED,
                        "meeting",
                        "13800138000",
                        Coverage.ORDINARY,
                        By.SELF))))
        .isEqualTo("unknown-purpose");
    var facts = scene.last(person);
    assertThat(facts.product()).contains("meeting");
    assertThat(facts.unknownNames()).isEqualTo(2);
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void whoRefusesIsNeverInTheAudience() {
    Caller marketer = scene.service("marketer-c", "marketer");
    SubjectId person = scene.adult();
    SubjectId silent = scene.adult();
    SubjectId unaccepted = registered(null);
    assertThat(audience(marketer, "email")).doesNotContain(person, silent, unaccepted);
    scene.consent(person, promotion(Answer.GRANTED, "email"));
    scene.consent(unaccepted, promotion(Answer.GRANTED, "email"));
    assertThat(audience(marketer, "email")).contains(person).doesNotContain(silent, unaccepted);
    assertThat(audience(marketer, "sms")).doesNotContain(person);
    scene.consent(person, choice("promotion", Answer.WITHDRAWN, null, null, Coverage.ALL, By.SELF));
    assertThat(audience(marketer, "email")).doesNotContain(person);
    assertThat(PLEDGE.pledge().audience(marketer, "promotion", "pigeon", "meeting", ignored -> {}))
        .isInstanceOf(Listing.Refused.class);
  }

  @Test
  @Clause("V.2")
  void aWithdrawalIsSeenByTheNextReadAndUndoneByALaterGrant() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    for (int i = 0; i < 3; i++) {
      scene.grant(person, "recommendation");
      assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("en");
      scene.withdraw(person, "recommendation");
      assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
          .isEqualTo("consent-withdrawn");
    }
    SubjectView.Choices choices =
        (SubjectView.Choices) PLEDGE.pledge().choices(scene.backend, person, null, 100);
    assertThat(choices.events()).hasSize(6);
    assertThat(choices.events().getFirst().answer()).isEqualTo(Answer.WITHDRAWN);
    assertThat(choices.current()).hasSize(1);
  }

  @Test
  @Clause("II.II.6")
  void evidenceIsKeptWithEveryChoiceAndSealed() {
    SubjectId person = scene.adult();
    scene.consent(
        person,
        new ConsentChange(
            "recommendation",
            Answer.GRANTED,
            "meeting",
            null,
            Coverage.ORDINARY,
            By.SELF,
            new Evidence("spoken", "notice-4711", "en", TestPledge.now(), "on the phone")));
    List<byte[]> evidence =
        Database.over(PLEDGE.database().owner())
            .read(
                handle ->
                    handle
                        .createQuery(
                            "select evidence from consent_event where subject_id = :person")
                        .bind("person", person.value())
                        .mapTo(byte[].class)
                        .list());
    assertThat(evidence).hasSize(1);
    assertThat(new String(evidence.getFirst(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("spoken", "notice-4711", "phone");
    assertThatThrownBy(() -> new Evidence("spoken\nsigned", "n", "en", TestPledge.now(), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Clause("IV.3")
  void nobodyGrantsForAProductTheyDoNotWorkFor() {
    SubjectId person = scene.adult();
    Caller other =
        scene.actor("calendar-backend", Asker.Kind.SERVICE, CALENDAR, Set.of(), "product-backend");
    PLEDGE.<Outcome>change(
        other, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    ConsentChange grant = TestPledge.choice("pooling", Answer.GRANTED, By.SELF);
    assertThat(reason(PLEDGE.<Outcome>change(other, changes -> changes.consent(person, grant))))
        .isEqualTo("other-product");
    ConsentChange withdrawal = TestPledge.choice("pooling", Answer.WITHDRAWN, By.SELF);
    assertThat(PLEDGE.<Outcome>change(other, changes -> changes.consent(person, withdrawal)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(
            reason(
                PLEDGE.<Outcome>change(
                    other, changes -> changes.close(person, "meeting", Set.of()).outcome())))
        .isEqualTo("other-product");
  }

  @Test
  @Clause("0.1")
  void untilAcceptanceOnlyWhatDoesNotWaitForItIsUsed() {
    SubjectId person = registered(null);
    assertThat(scene.clear(person, "authentication", "contact.email")).asString().contains("@");
    assertThat(scene.refusal(scene.backend, person, "customer-service", "contact.email"))
        .isEqualTo("not-accepted");
    assertThat(fate(scene.collect(person, Map.of("identity.name", "Wei")), "identity.name"))
        .isEqualTo("not-accepted");
    assertThat(accept(person, new Acceptance(TestPledge.EMEET, by("going-on").evidence())))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(accept(person, TestPledge.acceptance())).isInstanceOf(Outcome.Done.class);
    assertThat(scene.clear(person, "customer-service", "contact.email")).asString().contains("@");
  }

  @Test
  @Clause("0.1")
  void aVersionNobodyKnowsCannotBeAccepted() {
    Acceptance unknown =
        new Acceptance(PolicyVersion.of("emeet@13800138000"), TestPledge.evidence());
    String email = Scene.address();
    Registration registration =
        new Registration(
            "meeting", Map.of("email", email), LocalDate.of(1990, 1, 1), unknown, List.of(), null);
    assertThat(scene.register(scene.backend, registration)).isInstanceOf(Registered.Refused.class);
    SubjectId person = scene.adult();
    assertThat(accept(person, unknown)).isInstanceOf(Outcome.Refused.class);
    assertThat(scene.last(person).policy()).contains("emeet@2020-04-23");
    assertThat(PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOf(Found.Nobody.class);
  }

  private SubjectId registered(Acceptance acceptance) {
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", Scene.address()),
            LocalDate.of(1990, 1, 1),
            acceptance,
            List.of(),
            null);
    return ((Registered.Subject) scene.register(scene.backend, registration)).subject();
  }

  private Outcome accept(SubjectId person, Acceptance acceptance) {
    return PLEDGE.change(scene.backend, changes -> changes.accept(person, acceptance));
  }

  private static ConsentChange promotion(Answer answer, String channel) {
    return choice("promotion", answer, "meeting", channel, Coverage.ORDINARY, By.SELF);
  }

  private static String reason(Outcome outcome) {
    return ((Outcome.Refused) outcome).reason().code();
  }

  private static List<SubjectId> audience(Caller caller, String channel) {
    List<SubjectId> people = new ArrayList<>();
    assertThat(PLEDGE.pledge().audience(caller, "promotion", channel, "meeting", people::add))
        .isInstanceOf(Listing.Complete.class);
    return people;
  }
}
