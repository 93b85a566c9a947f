package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.clause;
import static dev.pledge.engine.gate.Scene.request;
import static dev.pledge.engine.gate.Scene.shown;
import static dev.pledge.engine.gate.Scene.withheld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.log.Outcome;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadingTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final String PHONE = "+8613800138000";

  private final Scene scene = new Scene(PLEDGE);
  private final Caller support = scene.staff("support-r", "support-agent");

  private SubjectId known() {
    SubjectId person = scene.adult();
    scene.collect(
        person, Map.of("identity.name", "Zhang Wei", "device.model", "P50", "device.id", "imei-7"));
    return person;
  }

  @Test
  @Clause({"II.I.1", "II.II.1"})
  void everyReadNamesADeclaredPurposeThatListsTheField() {
    SubjectId person = known();
    assertThat(scene.clear(person, "customer-service", "identity.name")).isEqualTo("Zhang Wei");
    assertThat(scene.refusal(scene.backend, person, "customer-service", "device.id"))
        .isEqualTo("not-listed");
    ReadAnswer.Answer unknown = scene.read(scene.backend, person, "profiling", "identity.name");
    assertThat(withheld(unknown, 0)).isEqualTo("unknown-purpose");
    assertThat(clause(unknown, 0)).contains("II.II.1");
    assertThat(unknown.allWithheld()).isTrue();
    assertThat(scene.last(person).purpose()).isEmpty();
    assertThat(scene.last(person).unknownNames()).isEqualTo(1);
  }

  @Test
  @Clause({"II.I.2", "II.I.6"})
  void settingsNeedNoConsentAndRecommendationDoes() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "zh-CN", "device.model", "P50"));
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("zh-CN");
    assertThat(scene.refusal(scene.backend, person, "recommendation", "device.language"))
        .isEqualTo("consent-missing");
    scene.grant(person, "recommendation");
    assertThat(scene.clear(person, "recommendation", "device.language")).isEqualTo("zh-CN");
    assertThat(scene.clear(person, "upgrade", "device.model")).isEqualTo("P50");
    assertThat(scene.refusal(scene.backend, person, "certification", "device.language"))
        .isEqualTo("not-listed");
  }

  @Test
  @Clause("II.II.5")
  void theRoleDecidesHowClearlyIsSeen() {
    SubjectId person = known();
    assertThat(shown(scene.read(support, person, "customer-service", "identity.name"), 0))
        .isEqualTo("Z***");
    assertThat(scene.clear(person, "customer-service", "identity.name")).isEqualTo("Zhang Wei");
  }

  @Test
  @Clause({"II.II.5", "IV.3"})
  void aRevealNeedsAJustificationAndTheRoleRightToIt() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("contact.phone", PHONE, "identity.name", "Zhang Wei"));
    List<String> fields = List.of("contact.phone", "identity.name");
    Set<String> reveal = Set.of("contact.phone", "identity.name");
    ReadAnswer.Answer without =
        scene.read(request(support, "customer-service", fields, null, reveal, null), person);
    assertThat(shown(without, 0)).isNotEqualTo(PHONE);
    ReadAnswer.Answer revealed =
        scene.read(
            request(support, "customer-service", fields, "she asked to be called", reveal, null),
            person);
    assertThat(shown(revealed, 0)).isEqualTo(PHONE);
    assertThat(shown(revealed, 1)).isEqualTo("Z***");
    assertThat(scene.last(person).verdicts())
        .allSatisfy(verdict -> assertThat(verdict.asked()).containsExactly(Asked.IN_CLEAR));
    assertThat(scene.last(person).caller().assurances()).containsExactly("justified");
    assertThat(scene.last(person).caller().products())
        .containsExactly("calendar", "general", "meeting");
  }

  @Test
  @Clause({"II.I.3", "II.I.4", "II.II.2"})
  void analystsSeeMembersOfTheProgrammeAndNoIdentifier() {
    Caller analyst = scene.staff("analyst-r", "analyst");
    SubjectId person = scene.adult();
    scene.grant(person, "user-experience");
    scene.collect(
        person,
        Map.of(
            "device.model",
            "P50",
            "log.feature-use",
            List.of(
                Map.of(
                    "observedAt",
                    "2026-01-01T00:00:00Z",
                    "value",
                    Map.of("event", "open", "attributes", Map.of("count", 1234, "who", "Wei"))))));
    ReadAnswer.Answer seen =
        scene.read(analyst, person, "user-experience", "device.model", "log.feature-use");
    assertThat(shown(seen, 0)).isEqualTo("P50");
    assertThat(String.valueOf(shown(seen, 1)))
        .contains("open", "1200")
        .doesNotContain("Wei", "1234");
    assertThat(scene.refusal(analyst, person, "improvement", "device.model"))
        .isEqualTo("consent-missing");
    assertThat(scene.refusal(analyst, person, "customer-service", "contact.email"))
        .isEqualTo("no-role");
    scene.withdraw(person, "user-experience");
    assertThat(scene.refusal(analyst, person, "user-experience", "device.model"))
        .isEqualTo("consent-withdrawn");
  }

  @Test
  @Clause("II.I.9")
  void anotherProductsDataNeedsTheAuthorisationToPool() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "zh-CN"));
    PLEDGE.<dev.pledge.engine.gate.Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    assertThat(fromCalendar(person, "device.language")).isEqualTo("not-pooled");
    assertThat(fromCalendar(person, "contact.email")).isEqualTo("shown"); // of the whole account
    scene.grant(person, "pooling");
    assertThat(fromCalendar(person, "device.language")).isEqualTo("shown");
    scene.withdraw(person, "pooling");
    assertThat(fromCalendar(person, "device.language")).isEqualTo("not-pooled");
  }

  private String fromCalendar(SubjectId person, String field) {
    ReadAnswer.Answer answer =
        (ReadAnswer.Answer)
            PLEDGE
                .pledge()
                .read(
                    ReadRequest.of(scene.backend, purposeOf(field), "calendar", List.of(field)),
                    person);
    return answer.fields().getFirst() instanceof FieldAnswer.Shown ? "shown" : withheld(answer, 0);
  }

  private static String purposeOf(String field) {
    return field.startsWith("device") ? "settings" : "customer-service";
  }

  @Test
  @Clause("IV.3")
  void onlyRolesProductsAndUndertakingsThatNeedItRead() {
    SubjectId person = known();
    Caller unsigned =
        scene.actor(
            "support-u",
            Asker.Kind.STAFF,
            Set.of(new ProductId("meeting")),
            Set.of(),
            "support-agent");
    Caller elsewhere =
        scene.actor(
            "support-e",
            Asker.Kind.STAFF,
            Set.of(new ProductId("calendar")),
            Set.of("confidentiality"),
            "support-agent");
    Caller auditor = scene.staff("auditor-r", "auditor");
    assertThat(scene.refusal(unsigned, person, "customer-service", "identity.name"))
        .isEqualTo("no-undertaking");
    assertThat(scene.refusal(elsewhere, person, "customer-service", "identity.name"))
        .isEqualTo("other-product");
    assertThat(scene.refusal(auditor, person, "customer-service", "identity.name"))
        .isEqualTo("no-role");
    assertThat(scene.last(person).outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void whoExercisesARightOpensNoReview() {
    SubjectId person = known();
    ReadRequest plain =
        ReadRequest.of(scene.backend, "safety-of-life", "meeting", List.of("identity.name"));
    ReadRequest own =
        new ReadRequest(
            plain.caller(),
            Asker.Capacity.SUBJECT,
            Asker.Assurance.STEPPED_UP,
            plain.purpose(),
            plain.product(),
            plain.fields(),
            null,
            null,
            Set.of(),
            null,
            Window.DEFAULT);
    assertThat(shown(scene.read(own, person), 0)).isEqualTo("Zhang Wei");
    assertThat(reviews("backend")).isZero();
    assertThat(scene.last(person).caller().type()).isEqualTo("self");
    assertThat(scene.last(person).caller().id()).isEmpty();
  }

  @Test
  @Clause({"V.1", "II.II.5"})
  void thePersonSeesEverythingMaskedUntilStepUp() {
    SubjectId person = scene.adult();
    String phone = "+8613900139000";
    scene.collect(person, Map.of("contact.phone", phone));
    assertThat(own(person, Asker.Assurance.SIGNED_IN)).isNotEqualTo(phone);
    assertThat(own(person, Asker.Assurance.STEPPED_UP)).isEqualTo(phone);
  }

  private Object own(SubjectId person, Asker.Assurance assurance) {
    return shown(
        scene.read(
            new ReadRequest(
                scene.backend,
                Asker.Capacity.SUBJECT,
                assurance,
                "customer-service",
                "meeting",
                List.of("contact.phone"),
                null,
                null,
                Set.of(),
                null,
                Window.DEFAULT),
            person),
        0);
  }

  @Test
  void nothingHeldIsAbsentAndNotWithheld() {
    SubjectId person = scene.adult();
    ReadAnswer.Answer answer =
        scene.read(scene.backend, person, "customer-service", "identity.name");
    assertThat(answer.fields().getFirst()).isEqualTo(new FieldAnswer.Absent("identity.name"));
    assertThat(scene.last(person).outcome()).isEqualTo(Outcome.PERMITTED);
  }

  @Test
  void manyPeopleAreAnsweredInTheirOrderAndEachIsLogged() {
    List<SubjectId> people = List.of(known(), new SubjectId(UUID.randomUUID()), known());
    ReadRequest alone =
        ReadRequest.of(support, "customer-service", "meeting", List.of("identity.name"));
    assertThatThrownBy(() -> scene.readAll(alone, people))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("justification");
    ReadRequest request =
        Scene.request(
            support, "customer-service", List.of("identity.name"), "a recall", Set.of(), null);
    List<ReadAnswer> answers = scene.readAll(request, people);
    assertThat(answers.get(0)).isInstanceOf(ReadAnswer.Answer.class);
    assertThat(answers.get(1)).isInstanceOf(ReadAnswer.Unknown.class);
    assertThat(answers.get(2)).isInstanceOf(ReadAnswer.Answer.class);
    assertThat(scene.last(people.get(0)).kind().name()).isEqualTo("read");
    assertThat(scene.last(people.get(2)).kind().name()).isEqualTo("read");
    assertThatThrownBy(() -> scene.readAll(request, List.of(people.get(0), people.get(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofManySeriesSoMuchIsFetchedTogetherAsMemoryHolds() {
    assertThat(Reading.peopleTogether(0, Window.MOST)).isEqualTo(100);
    assertThat(Reading.peopleTogether(3, 100)).isEqualTo(3);
    assertThat(Reading.peopleTogether(1, Window.MOST)).isEqualTo(1);
    assertThatThrownBy(() -> Reading.peopleTogether(3, Window.MOST))
        .isInstanceOf(UnusableInput.class)
        .hasMessageContaining("333 values");
  }

  @Test
  void peopleFetchedApartAreAnsweredTogether() {
    SubjectId person = known();
    ReadRequest request =
        new ReadRequest(
            scene.backend,
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            "customer-service",
            "meeting",
            List.of("identity.name", "log.feature-use", "log.access", "log.fault"),
            null,
            "a recall",
            Set.of(),
            null,
            Window.DEFAULT);
    List<SubjectId> people = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      people.add(i == 4 ? person : new SubjectId(new UUID(1, i)));
    }
    List<ReadAnswer> answers = scene.readAll(request, people);
    assertThat(answers).hasSize(7);
    assertThat(answers.get(4)).isInstanceOf(ReadAnswer.Answer.class);
    assertThat(answers.get(5)).isInstanceOf(ReadAnswer.Unknown.class);
  }

  @Test
  void theLongestWordsInAnyScriptFitIntoTheLog() {
    SubjectId person = known();
    Caller officer = scene.staff("privacy-r", "privacy-officer");
    Caller legal = scene.staff("legal-r", "legal");
    ApprovalRequest longest =
        new ApprovalRequest(
            "court-order", "meeting", "令".repeat(400), List.of("identity.name"), legal.id(), null);
    LegalOrder order =
        new LegalOrder(((Approved.Granted) scene.approve(officer, person, longest)).approval());
    ReadRequest request =
        request(legal, "court-order", List.of("identity.name"), "因".repeat(800), Set.of(), order);
    assertThat(shown(scene.read(request, person), 0)).isEqualTo("Zhang Wei");
    for (String bad : List.of(" ", "x".repeat(801), "broken \ud800")) {
      assertThatThrownBy(
              () -> request(legal, "court-order", List.of("identity.name"), bad, Set.of(), null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("broken");
    }
  }

  @Test
  void refusalsOfManyFieldsAreLoggedWithinTheLimit() {
    SubjectId person = known();
    List<String> fields =
        IntStream.range(0, ReadRequest.MOST_FIELDS).mapToObj(i -> "unknown.f" + i).toList();
    ReadAnswer.Answer answer =
        scene.read(request(scene.backend, "settings", fields, null, Set.of(), null), person);
    assertThat(answer.allWithheld()).isTrue();
    assertThat(scene.last(person).unknownNames()).isEqualTo(ReadRequest.MOST_FIELDS);
    assertThat(scene.last(person).verdicts()).isEmpty();
  }

  @Test
  void aChannelIsAskedForWherePurposesHaveThem() {
    SubjectId person = scene.adult();
    Caller sender = scene.service("sender", "message-sender");
    assertThat(scene.refusal(sender, person, "promotion", "contact.email"))
        .isEqualTo("unknown-channel");
    scene.consent(
        person,
        Scene.choice("promotion", Answer.GRANTED, "meeting", "email", Coverage.ORDINARY, By.SELF));
    assertThat(over(sender, person, "email")).isInstanceOf(FieldAnswer.Shown.class);
    assertThat(over(sender, person, "sms"))
        .isInstanceOfSatisfying(
            FieldAnswer.Withheld.class,
            withheld -> assertThat(withheld.why().code()).isEqualTo("other-channel"));
    assertThat(over(sender, person, "pigeon")).isInstanceOf(FieldAnswer.Withheld.class);
    assertThat(scene.last(person).channel()).isEmpty();
    assertThat(scene.last(person).unknownNames()).isEqualTo(1);
    assertThat(scene.last(person).verdicts())
        .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Withheld.class));
  }

  private FieldAnswer over(Caller sender, SubjectId person, String channel) {
    return scene
        .read(
            new ReadRequest(
                sender,
                Asker.Capacity.ROLE,
                Asker.Assurance.SIGNED_IN,
                "promotion",
                "meeting",
                List.of("contact.email"),
                channel,
                null,
                Set.of(),
                null,
                Window.DEFAULT),
            person)
        .fields()
        .getFirst();
  }

  private static long reviews(String actor) {
    return Database.over(PLEDGE.database().owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from review where actor_id = :actor")
                    .bind("actor", actor)
                    .mapTo(Long.class)
                    .one());
  }
}
