package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.View;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule VIEW: nothing is seen more clearly than purpose, role and field allow. */
final class ViewTest {
  @Test
  @Clause("II.II.5")
  void whoNeedNotSeeClearSeesMasks() {
    assertThat(answer(read(agent(), "customer-service", "contact.phone"), Person.member()))
        .containsExactly("masked");
    assertThat(answer(read(backend(), "customer-service", "contact.phone"), Person.member()))
        .containsExactly("clear");
  }

  @Test
  @Clause("II.II.5")
  void onlyAFieldTheRoleMayRevealIsRevealedAndOnlyForAReason() {
    Question question = read(agent(), "customer-service", "contact.phone", "contact.email");
    Set<String> both = Set.of("contact.phone", "contact.email");
    assertThat(answer(question.justified(both), Person.member()))
        .containsExactly("clear", "masked");
    assertThat(answer(question.justified(Set.of()), Person.member()))
        .containsExactly("masked", "masked");
  }

  @Test
  @Clause("II.II.5")
  void aPersonAtWorkSeesNothingClearWithoutAReason() {
    Question question = read(verifier(), "verification", "identity.id-number", "identity.name");
    Person person = Person.member().grantsSensitive("verification");
    assertThat(answer(question, person)).containsExactly("masked", "masked");
    assertThat(answer(question.justified(Set.of()), person)).containsExactly("clear", "clear");
  }

  @Test
  @Clause("II.II.2")
  void deIdentifiedDataHoldsNoDirectIdentifier() {
    Question question = read(analyst(), "improvement", "log.line", "device.model", "device.id");
    assertThat(answer(question, Person.member().grants("improvement")))
        .containsExactly("de-identified", "de-identified", "direct-identifier");
    assertThat(
            clause(
                read(analyst(), "improvement", "device.id"), Person.member().grants("improvement")))
        .isEqualTo("II.II.2");
  }

  @Test
  @Clause({"II.I.3", "II.II.2"})
  void aClearRoleSeesADeIdentifiedPurposeDeIdentified() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .role("statistician", r -> r.purposes("improvement").sees(View.CLEAR))
                    .build()));
    Question question =
        read(
            asker("stan", Asker.Kind.STAFF, "statistician"),
            "improvement",
            "log.line",
            "device.id");
    assertThat(
            answer(
                policies,
                question.justified(Set.of("log.line")),
                Person.member().grants("improvement")))
        .containsExactly("de-identified", "direct-identifier");
  }

  @Test
  void ofSeveralRolesTheMostGenerousThatServesThePurposeCounts() {
    Asker both = signed(asker("kim", Asker.Kind.STAFF, "support-agent", "product-backend"));
    assertThat(
            answer(
                read(both, "customer-service", "contact.email").justified(Set.of()),
                Person.member()))
        .containsExactly("clear");
    Asker other = signed(asker("kim", Asker.Kind.STAFF, "support-agent", "verifier"));
    assertThat(answer(read(other, "customer-service", "contact.email"), Person.member()))
        .containsExactly("masked");
  }

  @Test
  void aRoleWithoutItsUndertakingLendsItsEyesToNobody() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .role(
                        "insider",
                        r -> r.purposes("customer-service").sees(View.CLEAR).undertaking("secrecy"))
                    .build()));
    Asker asker = signed(asker("kim", Asker.Kind.STAFF, "support-agent", "insider"));
    assertThat(answer(policies, read(asker, "customer-service", "contact.email"), Person.member()))
        .containsExactly("masked");
  }

  @Test
  @Clause("II.II.5")
  void whoeverMayBeAPersonNeedsAReason() {
    Person person = Person.member().grantsSensitive("verification");
    for (Asker.Kind kind : List.of(Asker.Kind.STAFF, Asker.Kind.PARTNER, Asker.Kind.AUDITOR)) {
      assertThat(
              answer(
                  read(asker("vera", kind, "verifier"), "verification", "identity.id-number"),
                  person))
          .containsExactly("masked");
    }
    assertThat(
            answer(
                read(
                    asker("robot", Asker.Kind.SERVICE, "verifier"),
                    "verification",
                    "identity.id-number"),
                person))
        .containsExactly("clear");
  }
}
