package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule PURPOSE: a purpose opens what it lists. */
final class PurposeTest {
  @Test
  @Clause({"II.II.1", "II.I.2"})
  void aPurposeOpensOnlyWhatItLists() {
    assertThat(answer(read(backend(), "settings", "device.language", "device.id"), Person.member()))
        .containsExactly("clear", "not-listed");
  }

  @Test
  @Clause("II.I.6")
  void certificationSeesDevicesAlone() {
    assertThat(
            answer(
                read(backend(), "certification", "device.id", "identity.name", "contact.email"),
                Person.member()))
        .containsExactly("clear", "not-listed", "not-listed");
  }

  @Test
  @Clause("II.I.1")
  void customerServiceSeesWhatItNeeds() {
    assertThat(
            answer(
                read(agent(), "customer-service", "identity.name", "contact.email", "log.line"),
                Person.member()))
        .containsExactly("masked", "masked", "not-listed");
  }

  @Test
  @Clause("IV.4")
  void whatNoPurposeUsesIsNotStored() {
    Policies policies = policies(List.of(draft().withoutPurpose("verification").build()));
    Question question = collect(backend(), "identity.birth-date", "identity.name");
    assertThat(answer(policies, question, Person.member())).containsExactly("not-listed", "clear");
    Decision decision = policies.decide(question, Person.member().state());
    assertThat(decision.clause(0, Reason.NOT_LISTED)).hasToString("IV.4");
  }

  @Test
  @Clause("IV.4")
  void aLegalExceptionIsNoGroundToStoreMore() {
    Policies policies = policies(List.of(draft().withoutPurpose("verification").build()));
    assertThat(answer(policies, collect(backend(), "identity.id-number"), Person.member()))
        .containsExactly("not-listed");
  }

  @Test
  @Clause("II.I.5")
  void anAddressOpensOverItsOwnChannelsAlone() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose(
                        "promotion",
                        p ->
                            p.channels("service", "email", "sms", "phone", "letter", "push")
                                .uses("contact", "guardian", "device.language"))
                    .build()));
    Question question =
        read(backend(), "promotion", "contact.email", "contact.phone", "device.language");
    Map<String, List<String>> opened = new HashMap<>();
    for (String channel : List.of("service", "email", "sms", "phone", "letter", "push")) {
      opened.put(channel, answer(policies, question.over(channel), Person.member()));
    }
    String other = "other-channel";
    assertThat(opened)
        .isEqualTo(
            Map.of(
                "service", List.of(other, other, "clear"),
                "email", List.of("clear", other, "clear"),
                "sms", List.of(other, "clear", "clear"),
                "phone", List.of(other, "clear", "clear"),
                "letter", List.of(other, other, "clear"),
                "push", List.of(other, other, "clear")));
    assertThat(clause(question.over("sms"), Person.member())).isEqualTo("II.I.5");
  }

  @Test
  @Clause("II.I.5")
  void thatAnAddressIsForAnotherChannelSaysNothingOfWhatAPersonChose() {
    Question question = read(backend(), "partner-promotion", "contact.phone").over("email");
    for (Person person :
        List.of(
            Person.member(),
            Person.member().withdraws("partner-promotion"),
            Person.member()
                .grants("partner-promotion", "meeting", "email")
                .grants("partner-promotion", "meeting", "sms"))) {
      assertThat(answer(question, person)).containsExactly("other-channel");
    }
  }

  @Test
  @Clause("II.I.5")
  void anAddressIsStoredForAChannelItIsFor() {
    Policies policies = promotionAlone("email", "sms");
    for (List<String> fields :
        List.of(
            List.of("contact.email", "contact.phone"), List.of("contact.phone", "contact.email"))) {
      Question question = collect(backend(), fields.toArray(String[]::new));
      Person person = Person.member().grants("partner-promotion", "meeting", "sms");
      List<String> answers = answer(policies, question, person);
      assertThat(answers.get(fields.indexOf("contact.phone"))).isEqualTo("clear");
      assertThat(answers.get(fields.indexOf("contact.email"))).isEqualTo("consent-missing");
    }
  }

  @Test
  @Clause("II.I.5")
  void anAddressThatNoChannelIsForIsNotStored() {
    Question question = collect(backend(), "contact.email");
    Person person = Person.member().grants("partner-promotion", "meeting", "service");
    assertThat(answer(promotionAlone("service"), question, person))
        .containsExactly("other-channel");
  }

  /** Nothing but promotion by a partner uses an address. */
  private static Policies promotionAlone(String... channels) {
    Draft draft = draft().purpose("partner-promotion", p -> p.channels(channels));
    for (String purpose : House.PURPOSES) {
      draft = purpose.equals("partner-promotion") ? draft : draft.withoutPurpose(purpose);
    }
    return policies(List.of(draft.build()));
  }

  @Test
  void theEntryNamesThePurposeThatLetsTheValueBeStored() {
    Decision decision =
        policies()
            .decide(
                collect(backend(), "contact.email", "device.language"), Person.member().state());
    assertThat(decision.purpose(0)).hasToString("authentication");
    assertThat(decision.purpose(1)).hasToString("certification");
    assertThat(
            policies()
                .decide(collect(backend(), "contact.email"), Person.stranger().state())
                .purpose(0))
        .hasToString("archive");
  }

  @Test
  void whichPurposeTheEntryNamesDoesNotDependOnTheOrderOfTheFile() {
    Policy policy = draft().build();
    Draft reversed = draft();
    for (Policy.Purpose purpose : policy.purposes().reversed()) {
      reversed.moveToTheEnd(purpose.id().value());
    }
    Question question = collect(backend(), "contact.email", "device.language", "log.line");
    SubjectState state = Person.member().state();
    Decision one = policies(List.of(policy)).decide(question, state);
    Decision two = policies(List.of(reversed.build())).decide(question, state);
    for (int i = 0; i < question.fields().size(); i++) {
      assertThat(two.purpose(i)).isEqualTo(one.purpose(i));
    }
  }

  @Test
  void ofSeveralChannelsTheOneThatCameFurthestSaysWhyAValueIsNotStored() {
    Question question = collect(backend(), "device.model");
    Policies policies =
        policies(
            List.of(
                draft()
                    .withoutPurpose("customer-service")
                    .withoutPurpose("security")
                    .withoutPurpose("improvement")
                    .withoutPurpose("certification")
                    .purpose("partner-promotion", p -> p.channels("push", "service").uses("device"))
                    .build()));
    for (String agreed : List.of("push", "service")) {
      Person child = Person.member().aged(Age.MINOR);
      child.answers(
          By.GUARDIAN, Answer.GRANTED, "partner-promotion", "meeting", agreed, Coverage.ORDINARY);
      child.withdraws("partner-promotion", "meeting", agreed);
      assertThat(answer(policies, question, child)).containsExactly("consent-withdrawn");
    }
  }

  @Test
  void onePermittedPurposeIsEnoughToStore() {
    Person person = Person.member().withdraws("recommendation");
    Question question =
        Question.collect(
            backend(),
            "meeting",
            CompiledPolicy.PRODUCT_USE,
            LOCATED,
            List.of("location.position", "device.language"));
    assertThat(answer(question, person)).containsExactly("consent-withdrawn", "clear");
  }

  @Test
  void thePurposesOfOtherProductsAreNoGroundToStore() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("security", p -> p.inProducts("notes"))
                    .withoutPurpose("archive")
                    .withoutPurpose("claims")
                    .withoutPurpose("child-protection")
                    .withoutPurpose("improvement")
                    .build()));
    Question question =
        Question.collect(
            backend(), "meeting", CompiledPolicy.PRODUCT_USE, Set.of(), List.of("log.line"));
    assertThat(answer(policies, question, Person.member()))
        .containsExactly("purpose-not-in-product");
  }
}
