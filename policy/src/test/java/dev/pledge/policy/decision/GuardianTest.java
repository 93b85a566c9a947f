package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.Clause;
import java.time.Period;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule GUARDIAN: a child, and whoever may be one. */
final class GuardianTest {
  private static final Question SERVICE = read(backend(), "customer-service", "contact.email");

  @Test
  @Clause("VI.1")
  void aChildsDataWaitsForTheGuardian() {
    for (Age age : new Age[] {Age.MINOR, Age.SENSITIVE_MINOR}) {
      assertThat(answer(SERVICE, Person.member().aged(age))).containsExactly("guardian-missing");
    }
    assertThat(answer(collect(backend(), "identity.name"), Person.member().aged(Age.MINOR)))
        .containsExactly("guardian-missing");
    assertThat(clause(SERVICE, Person.member().aged(Age.MINOR))).isEqualTo("VI.1");
    assertThat(answer(SERVICE, Person.member().aged(Age.MINOR).guardianGrants("customer-service")))
        .containsExactly("clear");
  }

  @Test
  @Clause("VI.1")
  void aChildCannotConsentForItself() {
    assertThat(answer(SERVICE, Person.member().aged(Age.MINOR).grants("customer-service")))
        .containsExactly("guardian-missing");
  }

  @Test
  @Clause("VI.1")
  void aGuardiansConsentCoversOnlyItsPurpose() {
    assertThat(answer(SERVICE, Person.member().aged(Age.MINOR).guardianGrants("settings")))
        .containsExactly("guardian-missing");
  }

  @Test
  @Clause("VI.1")
  void aGuardianCanWithdraw() {
    Person child =
        Person.member()
            .aged(Age.MINOR)
            .guardianGrants("customer-service")
            .guardianWithdraws("customer-service");
    assertThat(answer(SERVICE, child)).containsExactly("guardian-missing");
    assertThat(answer(SERVICE, child.withdraws("customer-service")))
        .containsExactly("guardian-missing");
  }

  @Test
  @Clause("V.2")
  void aChildsOwnRefusalCountsBesideTheGuardiansConsent() {
    Person before =
        Person.member()
            .aged(Age.MINOR)
            .withdraws("customer-service")
            .guardianGrants("customer-service");
    Person after =
        Person.member()
            .aged(Age.MINOR)
            .guardianGrants("customer-service")
            .withdraws("customer-service");
    for (Person child : List.of(before, after)) {
      assertThat(answer(SERVICE, child)).containsExactly("consent-withdrawn");
      assertThat(clause(SERVICE, child)).isEqualTo("V.2");
      assertThat(answer(collect(backend(), "identity.name"), child.withdraws("verification")))
          .containsExactly("consent-withdrawn");
    }
    assertThat(answer(SERVICE, before.grants("customer-service"))).containsExactly("clear");
  }

  @Test
  @Clause({"VI.1", "II.II.6"})
  void whatAChildSaidYesToIsNoConsentOnceTheyAreOfAge() {
    Question improvement = read(analyst(), "improvement", "log.line");
    Person person = Person.member().aged(Age.MINOR).grantsAsAChild("improvement");
    assertThat(answer(improvement, person)).containsExactly("guardian-missing");
    assertThat(answer(improvement, person.aged(Age.ADULT))).containsExactly("consent-missing");
    assertThat(policies().decide(improvement, person.state()).reliedOn()).isEmpty();
    assertThat(answer(improvement, person.grants("improvement"))).containsExactly("de-identified");
  }

  @Test
  @Clause("V.2")
  void aChildTakesBackTheirOwnRefusal() {
    Person child =
        Person.member()
            .aged(Age.MINOR)
            .guardianGrants("customer-service")
            .withdraws("customer-service");
    assertThat(policies().decide(SERVICE, child.state())).isInstanceOf(Refusal.class);
    assertThat(answer(SERVICE, child.grantsAsAChild("customer-service"))).containsExactly("clear");
    Question recommendation = read(backend(), "recommendation", "device.language");
    Person adult = Person.member().withdraws("recommendation");
    assertThat(answer(recommendation, adult)).containsExactly("consent-withdrawn");
    assertThat(answer(recommendation, adult.grantsAsAChild("recommendation")))
        .containsExactly("clear");
  }

  @Test
  @Clause("V.2")
  void aChildTakesBackNoRefusalOfTheGuardiansAndRevivesNoConsent() {
    Question recommendation = read(backend(), "recommendation", "device.language");
    Person refused =
        Person.member()
            .guardianWithdraws("recommendation")
            .withdraws("recommendation")
            .grantsAsAChild("recommendation");
    for (Age age : List.of(Age.MINOR, Age.ADULT)) {
      assertThat(policies().decide(recommendation, refused.aged(age).state()))
          .isInstanceOf(Refusal.class);
    }
    Person withdrawn =
        Person.member()
            .grants("improvement")
            .withdraws("improvement")
            .grantsAsAChild("improvement");
    assertThat(answer(read(analyst(), "improvement", "log.line"), withdrawn))
        .containsExactly("consent-missing");
  }

  @Test
  void askingTheGuardianProtectionAndLawDoNotWait() {
    Person child = Person.member().aged(Age.MINOR);
    assertThat(answer(read(backend(), "guardian-contact", "contact.email"), child))
        .containsExactly("clear");
    assertThat(answer(collect(backend(), "contact.email"), child)).containsExactly("clear");
    assertThat(answer(read(backend(), "child-protection", "contact.email"), child))
        .containsExactly("clear");
    assertThat(answer(read(backend(), "archive", "contact.email"), child)).containsExactly("clear");
    assertThat(answer(read(agent(), "safety-of-life", "contact.email").justified(Set.of()), child))
        .containsExactly("masked");
  }

  @Test
  @Clause("VI.1")
  void whetherUnknownAgeMeansChildIsThePolicysWord() {
    Person unknown = Person.member().aged(Age.UNKNOWN);
    assertThat(answer(SERVICE, unknown)).containsExactly("clear");
    Policies strict = policies(List.of(draft().unknownAge(Policy.UnknownAge.MINOR).build()));
    assertThat(answer(strict, SERVICE, unknown)).containsExactly("guardian-missing");
  }

  @Test
  @Clause("VI.4")
  void underFourteenEveryFieldIsSensitive() {
    Person child = Person.member().aged(Age.SENSITIVE_MINOR).guardianGrants("customer-service");
    assertThat(answer(SERVICE, child)).containsExactly("sensitive-consent-missing");
    child.guardianGrantsSensitive("customer-service");
    assertThat(answer(SERVICE, child)).containsExactly("clear");
    assertThat(answer(SERVICE, child.aged(Age.MINOR))).containsExactly("clear");
  }

  @Test
  @Clause("II.II.5")
  void underFourteenStaffSeeMasksWithoutAReason() {
    Asker staff = asker("kim", Asker.Kind.STAFF, "product-backend");
    Person child =
        Person.member()
            .aged(Age.SENSITIVE_MINOR)
            .guardianGrants("customer-service")
            .guardianGrantsSensitive("customer-service");
    Question question = read(staff, "customer-service", "contact.email");
    assertThat(answer(question, child)).containsExactly("masked");
    assertThat(answer(question.justified(Set.of()), child)).containsExactly("clear");
  }

  @Test
  @Clause("VI.4")
  void underFourteenEverythingStoredNeedsTheSeparateConsent() {
    Person child = Person.member().aged(Age.SENSITIVE_MINOR).guardianGrants("customer-service");
    assertThat(answer(collect(backend(), "identity.name"), child))
        .containsExactly("sensitive-consent-missing");
    assertThat(
            answer(
                collect(backend(), "identity.name"),
                child.guardianGrantsSensitive("customer-service")))
        .containsExactly("clear");
  }

  @Test
  @Clause("VI.4")
  void whoMayBeAChildMayBeUnderFourteen() {
    Policies strict = policies(List.of(draft().unknownAge(Policy.UnknownAge.MINOR).build()));
    Person unknown = Person.member().aged(Age.UNKNOWN).guardianGrants("customer-service");
    assertThat(answer(strict, SERVICE, unknown)).containsExactly("sensitive-consent-missing");
    assertThat(answer(strict, SERVICE, unknown.guardianGrantsSensitive("customer-service")))
        .containsExactly("clear");
  }

  @Test
  @Clause("I.1")
  void askingTheGuardianIsNoWayRoundTheExplicitConsent() {
    Policies careless =
        policies(
            List.of(
                draft()
                    .purpose("guardian-contact", p -> p.uses("contact", "identity.id-number"))
                    .build()));
    Question question = read(backend(), "guardian-contact", "contact.email", "identity.id-number");
    for (Age age : List.of(Age.MINOR, Age.SENSITIVE_MINOR, Age.UNKNOWN)) {
      assertThat(answer(careless, question, Person.member().aged(age)))
          .containsExactly("clear", "sensitive-consent-missing");
    }
  }

  @Test
  @Clause("VI.1")
  void nobodyAsksAGuardianAboutAnAdult() {
    Question question = read(backend(), "guardian-contact", "contact.email", "guardian.email");
    for (Person adult : List.of(Person.member(), Person.member().notAccepted())) {
      assertThat(answer(question, adult))
          .containsExactly("no-guardian-needed", "no-guardian-needed");
      assertThat(answer(collect(backend(), "guardian.email"), adult))
          .containsExactly("no-guardian-needed");
    }
    assertThat(answer(question, Person.member().aged(Age.UNKNOWN)))
        .containsExactly("clear", "clear");
  }

  @Test
  @Clause({"VI.1", "II.II.3"})
  void askingAGuardianEndsWithTheAccount() {
    Question question = read(backend(), "guardian-contact", "guardian.email");
    Person child = Person.stranger().aged(Age.MINOR);
    assertThat(answer(question, child)).containsExactly("not-a-member");
    assertThat(answer(question, child.closed("meeting", "2026-11-20T00:00:00Z")))
        .containsExactly("account-closed");
    Policies forgetful = policies(List.of(draft().dormancy(Period.ofYears(1)).build()));
    Person away = Person.stranger().aged(Age.MINOR).lastUsed("meeting", "2025-11-21");
    assertThat(answer(forgetful, question, away)).containsExactly("dormant");
  }
}
