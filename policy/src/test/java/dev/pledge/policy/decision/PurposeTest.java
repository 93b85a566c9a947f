package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.util.List;
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
  void theEntryNamesThePurposeThatLetsTheValueBeStored() {
    Decision decision =
        policies()
            .decide(
                collect(backend(), "contact.email", "device.language"), Person.member().state());
    assertThat(decision.purpose(0)).hasToString("authentication");
    assertThat(decision.purpose(1)).hasToString("customer-service");
    assertThat(
            policies()
                .decide(collect(backend(), "contact.email"), Person.stranger().state())
                .purpose(0))
        .hasToString("archive");
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
