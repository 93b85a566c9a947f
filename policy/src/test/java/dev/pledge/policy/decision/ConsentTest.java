package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.View;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rule CONSENT: what people choose, and what the law allows without them. */
final class ConsentTest {
  private static final Question IMPROVEMENT = read(analyst(), "improvement", "log.line");
  private static final Question PROMOTION =
      read(backend(), "promotion", "contact.email").over("email");
  private static final Question PARTNER =
      read(backend(), "partner-promotion", "contact.email").over("email");

  @Test
  @Clause({"II.I.4", "II.II.6"})
  void whatIsOptInIsOffUntilGranted() {
    assertThat(answer(IMPROVEMENT, Person.member())).containsExactly("consent-missing");
    assertThat(clause(IMPROVEMENT, Person.member())).isEqualTo("II.I.4");
    assertThat(answer(IMPROVEMENT, Person.member().grants("improvement")))
        .containsExactly("de-identified");
  }

  @Test
  @Clause({"V.2", "II.I.4"})
  void withdrawnConsentNeverPermits() {
    Person person = Person.member().grants("improvement").withdraws("improvement");
    assertThat(answer(IMPROVEMENT, person)).containsExactly("consent-withdrawn");
    assertThat(clause(IMPROVEMENT, person)).isEqualTo("V.2");
  }

  @Test
  @Clause("V.2")
  void theLastAnswerCounts() {
    Person person = Person.member().grants("improvement").withdraws("improvement");
    assertThat(answer(IMPROVEMENT, person)).containsExactly("consent-withdrawn");
    assertThat(answer(IMPROVEMENT, person.grants("improvement"))).containsExactly("de-identified");
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void whatIsOptOutIsOnUntilRefused() {
    assertThat(answer(PROMOTION, Person.member())).containsExactly("clear");
    assertThat(answer(PROMOTION, Person.member().withdraws("promotion")))
        .containsExactly("consent-withdrawn");
  }

  @Test
  @Clause("II.I.2")
  void recommendationsCanBeRefusedAndSettingsGoOn() {
    Person person = Person.member().withdraws("recommendation");
    assertThat(answer(read(backend(), "recommendation", "device.language"), person))
        .containsExactly("consent-withdrawn");
    assertThat(answer(read(backend(), "settings", "device.language"), person))
        .containsExactly("clear");
  }

  @Test
  @Clause("II.I.5")
  void oneChannelCanBeRefused() {
    Person person = Person.member().withdraws("promotion", null, "email");
    assertThat(answer(PROMOTION, person)).containsExactly("consent-withdrawn");
    assertThat(answer(read(backend(), "promotion", "contact.phone").over("sms"), person))
        .containsExactly("clear");
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void aRefusalThatNamesNoChannelCoversAllOfThem() {
    Policies policies =
        policies(
            List.of(
                draft().purpose("promotion", p -> p.uses("contact", "device.language")).build()));
    Person person = Person.member().withdraws("promotion", "meeting", null);
    Question question =
        read(backend(), "promotion", "contact.email", "contact.phone", "device.language");
    String no = "consent-withdrawn";
    String other = "other-channel";
    assertThat(answer(policies, question.over("service"), person))
        .containsExactly(other, other, no);
    assertThat(answer(policies, question.over("email"), person)).containsExactly(no, other, no);
    assertThat(answer(policies, question.over("sms"), person)).containsExactly(other, no, no);
  }

  @Test
  @Clause("V.2")
  void aRefusalCoversProductsAndChannelsToCome() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft()
                    .products("general", "meeting", "notes", "chess")
                    .purpose("promotion", p -> p.channels("service", "email", "sms", "phone"))
                    .version("2", LocalDate.of(2026, 1, 1))
                    .build()));
    Person person = Person.member().withdraws("promotion").joined("chess").accepted("2");
    Asker asker = workingFor(backend(), "chess");
    Question question =
        Question.read(asker, "promotion", "chess", List.of("contact.phone")).over("phone");
    assertThat(answer(policies, question, person)).containsExactly("consent-withdrawn");
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void aChannelsRefusalOutlivesTheChannels() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft()
                    .purpose("promotion", p -> p.channels())
                    .version("2", LocalDate.of(2026, 1, 1))
                    .build()));
    Person person = Person.member().withdraws("promotion", null, "email").accepted("2");
    assertThat(answer(policies, read(backend(), "promotion", "contact.email"), person))
        .containsExactly("consent-withdrawn");
  }

  @Test
  @Clause("V.2")
  void aRefusalForOneProductLeavesTheOthers() {
    Person person = Person.member().joined("notes").withdraws("promotion", "notes", null);
    assertThat(answer(PROMOTION, person)).containsExactly("clear");
    Question notes =
        Question.read(backend(), "promotion", "notes", List.of("contact.email")).over("email");
    assertThat(answer(notes, person)).containsExactly("consent-withdrawn");
  }

  @Test
  void whatHasAControlOrWaitsForAnExplicitConsentCanBeRefused() {
    SubjectState state = Person.member().state();
    for (Coverage coverage : Coverage.values()) {
      assertThat(policies().canBeRefused("improvement", coverage, state)).isTrue();
      assertThat(policies().canBeRefused("recommendation", coverage, state)).isTrue();
      assertThat(policies().canBeRefused("settings", coverage, state)).isFalse();
      assertThat(policies().canBeRefused("no-such-purpose", coverage, state)).isFalse();
    }
    assertThat(policies().canBeRefused("verification", Coverage.SENSITIVE, state)).isTrue();
    assertThat(policies().canBeRefused("verification", Coverage.ALL, state)).isTrue();
    assertThat(policies().canBeRefused("verification", Coverage.ORDINARY, state)).isFalse();
  }

  @Test
  void whatAVersionThatStillBindsLetsRefuseCanBeRefused() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft()
                    .purpose("improvement", p -> p.control(Policy.Control.NONE))
                    .version("2", LocalDate.of(2026, 11, 1))
                    .build()));
    Person person = Person.member();
    assertThat(policies.canBeRefused("improvement", Coverage.ALL, person.state())).isTrue();
    assertThat(policies.canBeRefused("improvement", Coverage.ALL, person.accepted("2").state()))
        .isFalse();
    Person late = Person.member().at("2026-12-01T00:00:00Z");
    assertThat(policies.canBeRefused("improvement", Coverage.ALL, late.state())).isFalse();
    Person early = Person.member().at("2020-04-22T00:00:00Z");
    assertThat(policies.canBeRefused("improvement", Coverage.ALL, early.state())).isTrue();
  }

  @Test
  @Clause("II.II.6")
  void aGrantCoversOnlyTheChannelAndProductItNames() {
    assertThat(answer(PARTNER, Person.member().grants("partner-promotion", "meeting", "email")))
        .containsExactly("clear");
    for (Person person :
        List.of(
            Person.member().grants("partner-promotion", "meeting", "sms"),
            Person.member().grants("partner-promotion", "meeting", null),
            Person.member().grants("partner-promotion", "notes", "email"),
            Person.member().grants("partner-promotion", "general", "email"),
            Person.member().grants("partner-promotion", null, "email"),
            Person.member().grants("promotion", "meeting", "email"))) {
      assertThat(answer(PARTNER, person)).containsExactly("consent-missing");
    }
  }

  @Test
  @Clause("II.II.6")
  void aGrantOfEverythingIsNoGrant() {
    Person person =
        Person.member()
            .answers(By.SELF, Answer.GRANTED, "improvement", "meeting", null, Coverage.ALL);
    assertThat(answer(IMPROVEMENT, person)).containsExactly("consent-missing");
  }

  @Test
  @Clause("II.II.6")
  void aGrantAfterAWiderRefusalCountsForWhatItNames() {
    Person person =
        Person.member()
            .withdraws("partner-promotion")
            .grants("partner-promotion", "meeting", "email");
    assertThat(answer(PARTNER, person)).containsExactly("clear");
    assertThat(answer(read(backend(), "partner-promotion", "contact.phone").over("sms"), person))
        .containsExactly("consent-withdrawn");
  }

  @Test
  void anAdultDoesNotNeedAndCannotBeBoundByAGuardiansGrant() {
    assertThat(answer(IMPROVEMENT, Person.member().guardianGrants("improvement")))
        .containsExactly("consent-missing");
  }

  @Test
  void aGuardiansRefusalStandsUntilThePersonAnswersAfterIt() {
    Person person = Person.member().grants("improvement").guardianWithdraws("improvement");
    assertThat(answer(IMPROVEMENT, person)).containsExactly("consent-withdrawn");
    assertThat(answer(IMPROVEMENT, person.grants("improvement"))).containsExactly("de-identified");
  }

  @Test
  @Clause("II.II.6")
  void aPurposeThatChangedMateriallyNeedsAFreshConsent() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft()
                    .purpose("improvement", p -> p.uses("log", "device", "location"))
                    .version("2", LocalDate.of(2026, 1, 1))
                    .build()));
    Person person = Person.member().grants("improvement").accepted("2");
    assertThat(answer(policies, IMPROVEMENT, person)).containsExactly("consent-lapsed");
    assertThat(answer(policies, IMPROVEMENT, person.underVersion("2").grants("improvement")))
        .containsExactly("de-identified");
  }

  @Test
  void aPurposeThatNarrowedKeepsItsConsents() {
    Policies policies =
        policies(
            List.of(
                draft().purpose("improvement", p -> p.view(View.MASKED)).build(),
                draft()
                    .purpose("improvement", p -> p.uses("log"))
                    .version("2", LocalDate.of(2026, 1, 1))
                    .build()));
    Person person = Person.member().grants("improvement").accepted("2");
    assertThat(answer(policies, IMPROVEMENT, person)).containsExactly("de-identified");
  }

  @Test
  @Clause("I.1")
  void sensitiveDataNeedsASeparateExplicitConsent() {
    Question question = read(backend(), "verification", "identity.id-number", "identity.name");
    assertThat(answer(question, Person.member().grants("verification")))
        .containsExactly("sensitive-consent-missing", "clear");
    assertThat(answer(question, Person.member().grantsSensitive("verification")))
        .containsExactly("clear", "clear");
    assertThat(
            answer(
                question,
                Person.member().grantsSensitive("verification").withdraws("verification")))
        .containsExactly("sensitive-consent-withdrawn", "clear");
  }

  @Test
  @Clause("I.1")
  void sensitiveDataIsStoredOnlyUnderTheExplicitConsent() {
    Question question = collect(backend(), "identity.id-number");
    assertThat(answer(question, Person.member())).containsExactly("sensitive-consent-missing");
    assertThat(answer(question, Person.member().grantsSensitive("verification")))
        .containsExactly("clear");
  }

  @Test
  @Clause("I.1")
  void anExplicitConsentIsNotTheOrdinaryOne() {
    assertThat(answer(IMPROVEMENT, Person.member().grantsSensitive("improvement")))
        .containsExactly("consent-missing");
  }

  @Test
  @Clause("I.1")
  void aNamedConditionStandsInForTheExplicitConsent() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("verification", p -> p.sensitiveCondition("required by law"))
                    .build()));
    Question question = read(backend(), "verification", "identity.id-number");
    assertThat(answer(question, Person.member())).containsExactly("sensitive-consent-missing");
    assertThat(answer(policies, question, Person.member())).containsExactly("clear");
  }

  @Test
  @Clause({"I.1", "II.I.7"})
  void neitherTheLawNorAnEmergencyOpensSensitiveDataByItself() {
    Question order =
        read(investigator(), "court-order", "identity.id-number", "identity.name")
            .under(order("identity.id-number", "identity.name"));
    assertThat(answer(order, Person.member()))
        .containsExactly("sensitive-consent-missing", "masked");
    Policies located =
        policies(
            List.of(
                draft()
                    .category(
                        "location",
                        "I.3",
                        c -> c.sensitive("position", FieldType.POSITION, Mask.CITY))
                    .build()));
    Question emergency =
        read(agent(), "safety-of-life", "location.position", "contact.phone").justified(Set.of());
    assertThat(answer(located, emergency, Person.member()))
        .containsExactly("sensitive-consent-missing", "masked");
  }

  @Test
  @Clause("II.I.7")
  void whatTheLawOrdersToBeKeptIsStoredAndNotReadForThat() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("archive", p -> p.nature(Policy.Nature.RECORD_KEEPING).uses("log"))
                    .build()));
    Person closed = Person.stranger().closed("meeting", "2026-11-20T00:00:00Z");
    for (Person person : List.of(Person.member(), closed)) {
      assertThat(answer(policies, read(backend(), "archive", "log.line"), person))
          .containsExactly("only-kept");
      assertThat(answer(policies, collect(backend(), "log.line"), person)).containsExactly("clear");
    }
  }

  @Test
  @Clause("II.I.7")
  void aLegalExceptionNeedsItsApprover() {
    Question question = read(investigator(), "court-order", "identity.name");
    assertThat(answer(question, Person.member())).containsExactly("exception-without-order");
    assertThat(
            answer(question.under(approvedBy("support-agent", "identity.name")), Person.member()))
        .containsExactly("exception-without-order");
    assertThat(answer(question.under(order("identity.name")), Person.member()))
        .containsExactly("masked");
    assertThat(answer(question.under(order("identity.name")).justified(Set.of()), Person.member()))
        .containsExactly("clear");
    assertThat(clause(question, Person.member())).isEqualTo("II.I.7");
  }

  @Test
  @Clause("II.I.7")
  void aLegalExceptionOpensOnlyTheFieldsItsOrderNames() {
    Question question =
        read(investigator(), "court-order", "identity.name", "contact.email", "log.line");
    assertThat(answer(question.under(order("identity.name", "log.line")), Person.member()))
        .containsExactly("masked", "not-in-order", "not-listed");
  }

  @Test
  @Clause("II.I.7")
  void anEmergencyIsJustifiedAndItsPredecessorsReviewed() {
    Question question = read(agent(), "safety-of-life", "contact.phone");
    assertThat(answer(question, Person.member())).containsExactly("emergency-unjustified");
    assertThat(answer(question.justified(Set.of()), Person.member())).containsExactly("masked");
    Question late = read(overdue(agent()), "safety-of-life", "contact.phone");
    assertThat(answer(late.justified(Set.of()), Person.member())).containsExactly("review-overdue");
  }

  @Test
  @Clause("V.2")
  void whatAPersonRemovedIsStoredAgainOnlyWhenTheySupplyIt() {
    Person person = Person.member().removed("identity.name");
    for (String source : List.of(CompiledPolicy.PRODUCT_USE, "registry")) {
      Question question =
          Question.collect(backend(), "meeting", source, Set.of(), List.of("identity.name"));
      assertThat(answer(question, person)).containsExactly("suppressed");
    }
    assertThat(answer(collect(backend(), "identity.name"), person)).containsExactly("clear");
  }

  @Test
  void theDecisionNamesTheAnswersItRestsOn() {
    Person person =
        Person.member().grants("settings").withdraws("improvement").grants("improvement");
    assertThat(policies().decide(IMPROVEMENT, person.state()).reliedOn())
        .containsExactly(Person.entry(3));
  }

  @Test
  void anAdultsUseRestsOnNoGuardiansOldGrant() {
    Person grown = Person.member().guardianGrants("improvement").grants("improvement");
    assertThat(reliedOn(IMPROVEMENT, grown)).containsExactly(Person.entry(2));
    assertThat(reliedOn(IMPROVEMENT, grown.guardianWithdraws("improvement")))
        .containsExactly(Person.entry(3));
    assertThat(reliedOn(IMPROVEMENT, grown.grants("improvement"))).containsExactly(Person.entry(4));
  }

  @Test
  void aChildsUseRestsOnTheGuardianAndOnTheChildsRefusal() {
    Person child =
        Person.member().aged(Age.MINOR).grants("improvement").guardianGrants("improvement");
    assertThat(reliedOn(IMPROVEMENT, child)).containsExactly(Person.entry(2));
    assertThat(reliedOn(IMPROVEMENT, child.withdraws("improvement")))
        .containsExactlyInAnyOrder(Person.entry(2), Person.entry(3));
  }

  @Test
  void aDecisionThatAskedNobodyRestsOnNoAnswer() {
    Person person = Person.member().grants("settings").withdraws("verification");
    assertThat(reliedOn(read(backend(), "settings", "device.language"), person)).isEmpty();
    assertThat(reliedOn(read(backend(), "verification", "identity.name"), person)).isEmpty();
    assertThat(reliedOn(read(backend(), "verification", "identity.id-number"), person))
        .containsExactly(Person.entry(2));
    assertThat(reliedOn(read(themselves(), "verification", "identity.id-number"), person))
        .isEmpty();
  }

  @Test
  void aCollectionRestsOnTheAnswersForAnyOfThePurposesChannels() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("partner-promotion", p -> p.uses("identity.birth-date"))
                    .withoutPurpose("verification")
                    .build()));
    Person person = Person.member().grants("partner-promotion", "meeting", "sms");
    Decision decision = policies.decide(collect(backend(), "identity.birth-date"), person.state());
    assertThat(decision.purpose(0)).hasToString("partner-promotion");
    assertThat(decision.reliedOn()).containsExactly(Person.entry(1));
  }

  @Test
  void anAddressRestsOnTheAnswersForItsOwnChannels() {
    Draft draft = draft();
    for (String other : House.PURPOSES) {
      draft = other.equals("partner-promotion") ? draft : draft.withoutPurpose(other);
    }
    Policies policies = policies(List.of(draft.build()));
    Person person =
        Person.member()
            .grants("partner-promotion", "meeting", "email")
            .grants("partner-promotion", "meeting", "sms");
    assertThat(policies.decide(collect(backend(), "contact.phone"), person.state()).reliedOn())
        .containsExactly(Person.entry(2));
    Question phone = read(backend(), "partner-promotion", "contact.phone");
    assertThat(reliedOn(phone.over("sms"), person)).containsExactly(Person.entry(2));
    assertThat(reliedOn(phone.over("email"), person)).isEmpty();
  }

  @Test
  @Clause("V.2")
  void anOlderGrantThatStillMeansWhatItSaidIsNotUndoneByALapsedOne() {
    Person person =
        Person.member()
            .grants("improvement")
            .underVersion("0") // no version we know
            .grants("improvement");
    assertThat(answer(IMPROVEMENT, person)).containsExactly("de-identified");
    assertThat(answer(IMPROVEMENT, person.withdraws("improvement")))
        .containsExactly("consent-withdrawn");
  }

  @Test
  @Clause("V.2")
  void ofTwoAnswersAtOnceTheWithdrawalCounts() {
    Choice grant = Person.member().grants("improvement").state().choices().getFirst();
    Choice withdrawal = Person.member().withdraws("improvement").state().choices().getFirst();
    for (List<Choice> choices : List.of(List.of(grant, withdrawal), List.of(withdrawal, grant))) {
      SubjectState state = Person.member().state();
      SubjectState both =
          new SubjectState(
              state.subject(),
              state.version(),
              state.now(),
              state.status(),
              state.memberships(),
              state.accepted(),
              state.age(),
              choices,
              state.suppressed());
      assertThat(Outcome.of(policies().decide(IMPROVEMENT, both)))
          .containsExactly("consent-withdrawn");
    }
  }

  private static List<UUID> reliedOn(Question question, Person person) {
    return policies().decide(question, person.state()).reliedOn();
  }

  @Test
  @Clause("II.I.7")
  void noProgramApprovesAnException() {
    Question question = read(investigator(), "court-order", "identity.name");
    Question.ExceptionUse byProgram = approvedBy(Asker.Kind.SERVICE, "legal", "identity.name");
    assertThat(answer(question.under(byProgram), Person.member()))
        .containsExactly("exception-without-order");
  }

  @Test
  @Clause("II.I.7")
  void nobodyApprovesTheirOwnException() {
    Asker both = asker("lee", Asker.Kind.STAFF, "investigator", "legal");
    Question question = read(both, "court-order", "identity.name");
    assertThat(answer(question.under(order("identity.name")), Person.member()))
        .containsExactly("exception-without-order");
  }
}
