package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.Clause;
import java.time.Period;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule STANDING: an account that is closed, dormant, restricted or gone. */
final class StandingTest {
  private static final Question SETTINGS = read(backend(), "settings", "device.language");
  private static final Question ARCHIVE = read(backend(), "archive", "contact.email");
  private static final String YESTERDAY = "2026-11-21T10:00:00Z";

  @Test
  @Clause("II.II.3")
  void closingTheAccountStopsUse() {
    Person person = Person.stranger().closed("meeting", YESTERDAY);
    assertThat(answer(SETTINGS, person)).containsExactly("account-closed");
    assertThat(clause(SETTINGS, person)).isEqualTo("II.II.3");
  }

  @Test
  @Clause("II.II.3")
  void closingTheAccountStopsCollection() {
    Person person = Person.stranger().closed("meeting", YESTERDAY);
    assertThat(answer(collect(backend(), "identity.name"), person))
        .containsExactly("account-closed");
  }

  @Test
  void whatTheLawObligesToGoesOnAfterClosing() {
    assertThat(answer(ARCHIVE, Person.stranger().closed("meeting", YESTERDAY)))
        .containsExactly("clear");
  }

  @Test
  void evenAnEmergencyWaitsForALivingAccount() {
    Question emergency = read(agent(), "safety-of-life", "contact.phone").justified(Set.of());
    assertThat(answer(emergency, Person.stranger().closed("meeting", YESTERDAY)))
        .containsExactly("account-closed");
  }

  @Test
  @Clause("II.II.3")
  void closingOneProductLeavesTheOthers() {
    Person person = Person.stranger().closed("notes", YESTERDAY).joined("meeting");
    assertThat(answer(SETTINGS, person)).containsExactly("clear");
    assertThat(answer(in("notes"), person)).containsExactly("account-closed");
  }

  @Test
  @Clause("II.II.3")
  void aProductNeverJoinedHasNoUse() {
    assertThat(answer(in("notes"), Person.member())).containsExactly("not-a-member");
    assertThat(answer(SETTINGS, Person.stranger())).containsExactly("not-a-member");
  }

  @Test
  void whoUsesAnyProductUsesTheGeneralOne() {
    assertThat(answer(in("general"), Person.member())).containsExactly("clear");
    assertThat(answer(in("general"), Person.stranger())).containsExactly("not-a-member");
    assertThat(answer(in("general"), Person.member().closed("notes", YESTERDAY)))
        .containsExactly("clear");
  }

  @Test
  void theGeneralProductEndsWithTheLastOne() {
    Person person =
        Person.stranger().closed("notes", "2026-01-01T00:00:00Z").closed("meeting", YESTERDAY);
    assertThat(answer(in("general"), person)).containsExactly("account-closed");
  }

  @Test
  void theGeneralAccountCanBeClosedByItself() {
    Person person = Person.member().closed("general", YESTERDAY);
    assertThat(answer(in("general"), person)).containsExactly("account-closed");
    assertThat(answer(SETTINGS, person)).containsExactly("clear");
  }

  @Test
  @Clause("II.II.3")
  void anErasedPersonIsAsIfNeverKnown() {
    Person erased = Person.member().is(Status.ERASED);
    assertThat(answer(SETTINGS, erased)).containsExactly("erased");
    assertThat(answer(ARCHIVE, erased)).containsExactly("erased");
    assertThat(answer(collect(backend(), "identity.name"), erased)).containsExactly("erased");
  }

  @Test
  @Clause("V.4")
  void restrictionLeavesClaimsAndProtectionAlone() {
    Person person = Person.member().is(Status.RESTRICTED).grants("improvement");
    assertThat(answer(SETTINGS, person)).containsExactly("restricted");
    assertThat(answer(ARCHIVE, person)).containsExactly("restricted");
    assertThat(answer(read(backend(), "security", "log.line"), person))
        .containsExactly("restricted");
    assertThat(answer(read(backend(), "claims", "log.line"), person)).containsExactly("clear");
    assertThat(answer(read(backend(), "child-protection", "log.line"), person))
        .containsExactly("clear");
  }

  @Test
  @Clause("V.4")
  void whatTheLawOrdersToBeKeptIsStoredOfARestrictedPersonAndNotRead() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("archive", p -> p.nature(Policy.Nature.RECORD_KEEPING).uses("log"))
                    .build()));
    Person person = Person.member().is(Status.RESTRICTED);
    assertThat(answer(policies, collect(backend(), "log.line"), person)).containsExactly("clear");
    assertThat(answer(policies, collect(backend(), "identity.name"), person))
        .containsExactly("restricted");
    assertThat(answer(policies, read(backend(), "archive", "log.line"), person))
        .containsExactly("only-kept");
  }

  @Test
  @Clause({"V.4", "II.I.5"})
  void anOldConsentDoesNotOutliveARestriction() {
    Person person =
        Person.member()
            .grants("improvement")
            .grants("partner-promotion", "meeting", "email")
            .is(Status.RESTRICTED);
    assertThat(answer(read(analyst(), "improvement", "log.line"), person))
        .containsExactly("restricted");
    Question promotion = read(backend(), "partner-promotion", "contact.email").over("email");
    assertThat(answer(promotion, person)).containsExactly("restricted");
  }

  @Test
  @Clause("II.II.3")
  void aDormantAccountIsAsClosed() {
    Person person = Person.stranger().lastUsed("meeting", "2023-11-21").grants("improvement");
    assertThat(answer(forgetful(), SETTINGS, person)).containsExactly("dormant");
    assertThat(answer(forgetful(), read(analyst(), "improvement", "log.line"), person))
        .containsExactly("dormant");
    assertThat(answer(forgetful(), collect(backend(), "identity.name"), person))
        .containsExactly("dormant");
    assertThat(answer(forgetful(), ARCHIVE, person)).containsExactly("clear");
    assertThat(answer(SETTINGS, person)).containsExactly("clear");
  }

  @Test
  @Clause("II.II.3")
  void whoComesBackIsDormantNoMore() {
    Person person = Person.stranger().lastUsed("meeting", "2020-01-01");
    assertThat(answer(forgetful(), SETTINGS, person)).containsExactly("dormant");
    assertThat(answer(forgetful(), SETTINGS, person.lastUsed("meeting", "2026-11-22")))
        .containsExactly("clear");
  }

  @Test
  void dormancyBeginsWhenItsLastDayIsOver() {
    Person person = Person.stranger().lastUsed("meeting", "2024-02-29");
    assertThat(answer(forgetful(), SETTINGS, person.at("2027-02-28T23:59:59.999999Z")))
        .containsExactly("clear");
    assertThat(answer(forgetful(), SETTINGS, person.at("2027-03-01T00:00:00Z")))
        .containsExactly("dormant");
  }

  @Test
  void eachProductIsDormantByItself() {
    Person person =
        Person.stranger().lastUsed("meeting", "2026-11-01").lastUsed("notes", "2020-01-01");
    assertThat(answer(forgetful(), SETTINGS, person)).containsExactly("clear");
    assertThat(answer(forgetful(), in("notes"), person)).containsExactly("dormant");
    assertThat(answer(forgetful(), in("general"), person)).containsExactly("clear");
    Question security = read(backend(), "security", "log.line");
    Decision decision = forgetful().decide(security, person.state());
    assertThat(Outcome.ofValue(decision, "meeting", Person.NOW)).isEqualTo("clear");
    assertThat(Outcome.ofValue(decision, "notes", Person.NOW)).isEqualTo("dormant");
  }

  /** A house where people are dormant after three years. */
  private static Policies forgetful() {
    return policies(List.of(draft().dormancy(Period.ofYears(3)).build()));
  }

  @Test
  @Clause("II.I.5")
  void nothingIsPromotedToTheDead() {
    Person person = Person.member().is(Status.DECEASED);
    assertThat(answer(read(backend(), "promotion", "contact.email").over("email"), person))
        .containsExactly("deceased");
    assertThat(answer(SETTINGS, person)).containsExactly("clear");
  }

  private static Question in(String product) {
    return Question.read(backend(), "settings", product, List.of("device.language"));
  }

  @Test
  void ofSeveralAccountsWithOneProductTheOneThatLastsCounts() {
    Person again = Person.stranger().closed("meeting", YESTERDAY).joined("meeting");
    Person before = Person.stranger();
    List<SubjectState.Membership> reversed = again.state().memberships().reversed();
    assertThat(answer(SETTINGS, again)).containsExactly("clear");
    reversed.forEach(before::holds);
    assertThat(answer(SETTINGS, before)).containsExactly("clear");
  }
}
