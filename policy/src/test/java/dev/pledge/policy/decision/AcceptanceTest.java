package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules ACCEPTANCE and the versions of a policy: what binds before, during and after grace. */
final class AcceptanceTest {
  private static final Question SETTINGS = read(backend(), "settings", "device.language");
  private static final LocalDate REVISED = LocalDate.of(2026, 11, 1); // grace ends 1 December
  private static final String AFTER_GRACE = "2026-12-01T00:00:00Z";

  @Test
  @Clause("0.1")
  void whoHasNotAcceptedIsLeftAlone() {
    assertThat(answer(SETTINGS, Person.member().notAccepted())).containsExactly("not-accepted");
    assertThat(clause(SETTINGS, Person.member().notAccepted())).isEqualTo("0.1");
    assertThat(answer(collect(backend(), "identity.name"), Person.member().notAccepted()))
        .containsExactly("not-accepted");
  }

  @Test
  @Clause("I.1")
  void personalInformationIsStoredOnlyAfterAcceptance() {
    Question question = collect(backend(), "identity.name", "identity.birth-date");
    assertThat(answer(question, Person.member().notAccepted()))
        .containsExactly("not-accepted", "not-accepted");
    assertThat(answer(question, Person.member())).containsExactly("clear", "clear");
  }

  @Test
  void whatAcceptanceItselfNeedsDoesNotWaitForIt() {
    Person person = Person.member().notAccepted();
    assertThat(answer(read(backend(), "authentication", "contact.email"), person))
        .containsExactly("clear");
    assertThat(answer(collect(backend(), "contact.email"), person)).containsExactly("clear");
    assertThat(answer(read(backend(), "archive", "contact.email"), person))
        .containsExactly("clear");
    assertThat(answer(read(agent(), "safety-of-life", "contact.email").justified(Set.of()), person))
        .containsExactly("masked");
  }

  @Test
  @Clause("0.1")
  void anUnknownVersionIsNoAcceptance() {
    assertThat(answer(SETTINGS, Person.member().accepted("0"))).containsExactly("not-accepted");
  }

  @Test
  void whoAcceptedAVersionToComeAcceptedTheOneInForce() {
    Policies policies = revised(draft());
    Person early = Person.member().accepted("2").at("2026-10-31T23:59:59Z");
    assertThat(answer(policies, SETTINGS, early)).containsExactly("clear");
    assertThat(answer(policies, SETTINGS, early.notAccepted())).containsExactly("not-accepted");
  }

  @Test
  @Clause("IX.2")
  void noVersionIsEnforcedBeforeItsDate() {
    Policies policies = revised(draft().withoutPurpose("settings"));
    assertThat(policies.decide(SETTINGS, Person.member().at("2026-10-31T23:59:59Z").state()))
        .isInstanceOf(Permit.class)
        .extracting(decision -> decision.policy().version())
        .isEqualTo("1");
    assertThat(policies.decide(SETTINGS, Person.member().at("2026-11-01T00:00:00Z").state()))
        .isInstanceOf(Refusal.class)
        .extracting(decision -> decision.policy().version())
        .isEqualTo("2");
    assertThat(answer(policies, SETTINGS, Person.member().at("2026-11-01T00:00:00Z")))
        .containsExactly("unknown-purpose");
  }

  @Test
  @Clause("0.1")
  void duringGraceTheAcceptedVersionGoesOn() {
    Policies policies = revised(draft());
    assertThat(answer(policies, SETTINGS, Person.member())).containsExactly("clear");
    assertThat(answer(policies, SETTINGS, Person.member().at("2026-11-30T23:59:59Z")))
        .containsExactly("clear");
    assertThat(answer(policies, SETTINGS, Person.member().at(AFTER_GRACE)))
        .containsExactly("not-accepted");
    assertThat(answer(policies, SETTINGS, Person.member().at(AFTER_GRACE).accepted("2")))
        .containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void whatANewVersionWidensWaitsForAcceptance() {
    Policies policies =
        revised(draft().purpose("settings", p -> p.uses("device.language", "device.id")));
    Question question = read(backend(), "settings", "device.language", "device.id");
    assertThat(answer(policies, question, Person.member()))
        .containsExactly("clear", "not-accepted");
    assertThat(answer(policies, question, Person.member().accepted("2")))
        .containsExactly("clear", "clear");
  }

  @Test
  @Clause("0.1")
  void whatANewVersionNarrowsBindsAtOnce() {
    Policies policies =
        revised(
            draft()
                .purpose("customer-service", p -> p.uses("contact").view(View.MASKED))
                .keep(Period.ofDays(7), Policy.From.COLLECTION, "log"));
    Question question = read(backend(), "customer-service", "contact.email", "identity.name");
    assertThat(answer(policies, question, Person.member())).containsExactly("masked", "not-listed");
    Decision log =
        policies.decide(read(backend(), "security", "log.line"), Person.member().state());
    assertThat(Outcome.ofValue(log, "meeting", Instant.parse("2026-11-10T00:00:00Z")))
        .isEqualTo("expired");
  }

  @Test
  @Clause("0.1")
  void aLongerRetentionWaitsForAcceptance() {
    Policies policies =
        revised(draft().withoutRetention().keep(Period.ofYears(2), Policy.From.COLLECTION, "log"));
    Question question = read(backend(), "security", "log.line");
    Instant collected = Instant.parse("2026-05-01T00:00:00Z");
    assertThat(
            Outcome.ofValue(
                policies.decide(question, Person.member().state()), "meeting", collected))
        .isEqualTo("expired");
    assertThat(
            Outcome.ofValue(
                policies.decide(question, Person.member().accepted("2").state()),
                "meeting",
                collected))
        .isEqualTo("clear");
  }

  private static Policies revised(Draft second) {
    return policies(List.of(draft().build(), second.version("2", REVISED).build()));
  }

  @Test
  @Clause("IX.2")
  void beforeTheFirstVersionEverythingIsRefused() {
    Person early = Person.member().at("2020-04-22T23:59:59.999999Z");
    for (Question question :
        List.of(
            SETTINGS, collect(backend(), "identity.name"), read(themselves(), null, "nothing"))) {
      assertThat(answer(question, early)).containsExactly("not-in-force");
      assertThat(clause(question, early)).isEqualTo("IX.2");
    }
    assertThat(answer(SETTINGS, early.at(Instant.MIN))).containsExactly("not-in-force");
    assertThat(answer(SETTINGS, early.at(Instant.MAX))).containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void aMissedGraceIsNotGivenAgainByTheNextRevision() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft().version("2", LocalDate.of(2026, 9, 1)).build(),
                draft().version("3", REVISED).build()));
    assertThat(answer(policies, SETTINGS, Person.member())).containsExactly("not-accepted");
    assertThat(answer(policies, SETTINGS, Person.member().accepted("2"))).containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void whatAVersionInBetweenNarrowedStaysNarrow() {
    Policies policies =
        policies(
            List.of(
                draft().build(),
                draft()
                    .purpose("settings", p -> p.uses("device.model"))
                    .version("2", LocalDate.of(2026, 10, 30))
                    .build(),
                draft().version("3", REVISED).build()));
    assertThat(answer(policies, SETTINGS, Person.member())).containsExactly("not-accepted");
    assertThat(answer(policies, SETTINGS, Person.member().accepted("3"))).containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void whatAVersionInBetweenDidNotWaitForStillWaits() {
    Draft waits = draft().withoutPurpose("settings");
    Draft doesNot = draft().purpose("settings", p -> p.before(Before.ACCEPTANCE));
    Policies policies =
        policies(
            List.of(
                waits.build(),
                doesNot.version("2", LocalDate.of(2026, 10, 25)).build(),
                draft().version("3", REVISED).build()));
    assertThat(answer(policies, SETTINGS, Person.member())).containsExactly("not-accepted");
    assertThat(answer(policies, SETTINGS, Person.member().accepted("2"))).containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void aConditionOfCollectionBindsDuringGraceWhateverTheVersionInBetweenStoredFor() {
    Draft before = draft().category("contact", "I.1", c -> c.requires(LOCATION_ON));
    Draft between = draft().withoutPurpose("archive");
    Draft now =
        draft()
            .withoutPurpose("archive")
            .purpose("authentication", p -> p.before())
            .purpose("guardian-contact", p -> p.before(Before.GUARDIAN_CONSENT));
    Policies policies =
        policies(
            List.of(
                before.build(),
                between.version("2", LocalDate.of(2026, 10, 25)).build(),
                now.version("3", REVISED).build()));
    Question question = collect(backend(), "contact.email");
    assertThat(answer(policies, question, Person.member())).containsExactly("not-accepted");
    assertThat(answer(policies, question, Person.member().accepted("2"))).containsExactly("clear");
  }

  @Test
  @Clause("0.1")
  void duringGraceTheLawAndWhatPrecedesAcceptanceDoNotWait() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .withoutPurpose("archive")
                    .withoutPurpose("authentication")
                    .withoutPurpose("settings")
                    .build(),
                draft().version("2", REVISED).build()));
    for (String purpose : List.of("archive", "authentication")) {
      Question question = read(backend(), purpose, "contact.email");
      assertThat(answer(policies, question, Person.member())).containsExactly("clear");
      assertThat(answer(policies, question, Person.member().at(AFTER_GRACE)))
          .containsExactly("clear");
    }
    assertThat(answer(policies, SETTINGS, Person.member())).containsExactly("not-accepted");
  }

  @Test
  void duringGraceRightsReachWhatTheNewVersionDeclares() {
    Policies policies =
        revised(
            draft()
                .category("device", "I.2", c -> c.field("os", FieldType.DEVICE_TEXT, Mask.HIDDEN)));
    Question question = read(themselves(), null, "device.os");
    assertThat(answer(policies, question, Person.member())).containsExactly("masked");
    assertThat(
            Outcome.ofValue(
                policies.decide(question, Person.member().state()), "meeting", Person.NOW))
        .isEqualTo("masked");
  }

  @Test
  @Clause("0.1")
  void duringGraceAValueIsStoredOnlyOnAGroundBothVersionsKnow() {
    Policies policies =
        revised(
            draft()
                .withoutPurpose("verification")
                .purpose("horoscope", "II.I.2", p -> p.uses("identity.birth-date")));
    Question question = collect(backend(), "identity.birth-date", "identity.name");
    assertThat(answer(policies, question, Person.member()))
        .containsExactly("not-accepted", "clear");
    assertThat(answer(policies, question, Person.member().accepted("2")))
        .containsExactly("clear", "clear");
  }

  @Test
  @Clause("0.1")
  void aConsentToWhatIsNewDoesNotReplaceAcceptance() {
    Policies policies =
        revised(draft().purpose("improvement", p -> p.uses("log", "device", "location")));
    Question question = read(analyst(), "improvement", "log.line", "location.position");
    Person person = Person.member().underVersion("2").grants("improvement");
    assertThat(answer(policies, question, person)).containsExactly("de-identified", "not-accepted");
    assertThat(answer(policies, question, person.accepted("2")))
        .containsExactly("de-identified", "de-identified");
  }

  @Test
  @Clause("II.II.6")
  void aConsentGivenDuringGraceCountsForTheVersionThatStillBinds() {
    Policies policies = revised(draft());
    Question question = read(analyst(), "improvement", "log.line");
    Person first = Person.member().underVersion("2").grants("improvement");
    Person again = Person.member().grants("improvement").underVersion("2").grants("improvement");
    assertThat(answer(policies, question, Person.member())).containsExactly("consent-missing");
    assertThat(answer(policies, question, first)).containsExactly("de-identified");
    assertThat(answer(policies, question, again)).containsExactly("de-identified");
    assertThat(policies.decide(question, again.state()).reliedOn())
        .containsExactly(Person.entry(2));
    assertThat(answer(policies, question, again.withdraws("improvement")))
        .containsExactly("consent-withdrawn");
  }

  @Test
  @Clause({"0.1", "II.II.6"})
  void aConsentToLessThanBindsDuringGraceIsNotEnough() {
    Policies policies = revised(draft().purpose("improvement", p -> p.uses("log")));
    Question question = read(analyst(), "improvement", "log.line");
    Person person = Person.member().underVersion("2").grants("improvement");
    assertThat(answer(policies, question, person)).containsExactly("consent-lapsed");
    assertThat(answer(policies, question, person.accepted("2"))).containsExactly("de-identified");
  }

  @Test
  @Clause("VI.1")
  void aGuardianWhoAgreesDuringGraceHasAgreed() {
    Policies policies = revised(draft());
    Person child = Person.member().aged(SubjectState.Age.MINOR);
    assertThat(answer(policies, SETTINGS, child)).containsExactly("guardian-missing");
    assertThat(answer(policies, SETTINGS, child.underVersion("2").guardianGrants("settings")))
        .containsExactly("clear");
  }

  @Test
  @Clause({"II.I.9", "0.1"})
  void anAuthorisationToPoolGivenDuringGraceCounts() {
    Person both = Person.member().joined("notes").underVersion("2");
    assertThat(pooled(revised(draft()), both)).isEqualTo("not-pooled");
    both.grants(CompiledPolicy.POOLING, "notes", null);
    assertThat(pooled(revised(draft()), both)).isEqualTo("clear");
    assertThat(pooled(revised(draft().products("meeting", "notes")), both)).isEqualTo("not-pooled");
  }

  private static String pooled(Policies policies, Person person) {
    Question question = read(backend(), "customer-service", "device.model");
    return Outcome.ofValue(
        policies.decide(question, person.state()), "notes", Instant.parse("2026-11-10T00:00:00Z"));
  }

  @Test
  void duringGraceAGroundThatDoesNotWaitComesFirst() {
    Policies policies =
        policies(
            List.of(
                draft().role("product-backend", r -> r.collects("identity")).build(),
                draft()
                    .withoutPurpose("authentication")
                    .withoutPurpose("guardian-contact")
                    .version("2", REVISED)
                    .build()));
    Decision decision =
        policies.decide(collect(backend(), "contact.email"), Person.member().state());
    assertThat(Outcome.of(decision)).containsExactly("clear");
    assertThat(decision.purpose(0)).hasToString("archive");
  }

  @Test
  void duringGraceTheWordThatTheAcceptedVersionAsksForIsToldAlsoOfWhatIsStored() {
    Policies policies =
        revised(
            draft()
                .withoutPurpose("customer-service")
                .withoutPurpose("security")
                .withoutPurpose("certification")
                .purpose(
                    "improvement",
                    p -> p.basis(Policy.Basis.CONTRACT).control(Policy.Control.NONE)));
    Question question = collect(backend(), "device.model");
    assertThat(answer(policies, question, Person.member())).containsExactly("consent-missing");
    assertThat(answer(policies, question, Person.member().grants("improvement")))
        .containsExactly("clear");
  }
}
