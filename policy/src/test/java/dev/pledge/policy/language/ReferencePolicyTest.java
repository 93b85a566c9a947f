package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Duties.ContinuedUse;
import dev.pledge.policy.decision.Duties.Incidents;
import dev.pledge.policy.decision.Duties.OutsideCause;
import dev.pledge.policy.decision.Duties.Requests;
import dev.pledge.policy.decision.Duties.Revision;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Notice.Passage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference policy declares what the published text promises. That a clause is kept is shown by
 * decisions under it, not here.
 */
final class ReferencePolicyTest {
  private static final Checked CHECKED =
      PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet")));

  private static Policy policy() {
    return ((Sound) CHECKED).policy();
  }

  private static Category category(String name) {
    return policy().categories().stream()
        .filter(c -> c.id().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Purpose purpose(String name) {
    return policy().purposes().stream()
        .filter(p -> p.id().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Field> fields() {
    return policy().categories().stream().flatMap(category -> category.fields().stream());
  }

  @Test
  void theReferencePolicyIsSoundWithoutAProblem() {
    assertThat(CHECKED.problems()).isEmpty();
    assertThat(CHECKED).isInstanceOf(Sound.class);
    assertThat(policy().version()).isEqualTo(PolicyVersion.of("emeet@2020-04-23"));
  }

  @Test
  void everyClauseOfThisReleaseHasWordsInBothLanguages() {
    List<String> clauses =
        List.of(
            "0.1",
            "0.3",
            "I.M",
            "I.0",
            "I.1",
            "I.2",
            "I.3",
            "I.4",
            "I.5",
            "II.I.1",
            "II.I.2",
            "II.I.3",
            "II.I.4",
            "II.I.5",
            "II.I.6",
            "II.I.7",
            "II.I.8",
            "II.I.9",
            "II.II.1",
            "II.II.2",
            "II.II.3",
            "II.II.5",
            "II.II.6",
            "III.I.1",
            "III.I.2",
            "III.I.3",
            "III.I.4",
            "III.I.5",
            "III.II.1",
            "III.III.1",
            "IV.1",
            "IV.3",
            "IV.4",
            "V.2",
            "VI.1",
            "0.2",
            "IV.7",
            "V.1",
            "V.3",
            "V.4",
            "V.5",
            "VII.1",
            "VII.2",
            "VII.3",
            "VII.4",
            "VIII.1",
            "VIII.2",
            "VIII.3",
            "VIII.4",
            "IX.1",
            "IX.2");

    assertThat(((Sound) CHECKED).notices())
        .extracting(Notice::language)
        .containsExactly("en", "zh");
    assertThat(((Sound) CHECKED).notices())
        .allSatisfy(
            notice ->
                assertThat(notice.passages())
                    .flatExtracting(Passage::clauses)
                    .extracting(ClauseId::value)
                    .containsExactlyInAnyOrderElementsOf(clauses));
  }

  @Test
  @Clause("0.3")
  void whatLimitsPeopleStandsOutInBothLanguages() {
    assertThat(((Sound) CHECKED).notices())
        .allSatisfy(
            notice ->
                assertThat(notice.passages().stream().filter(Passage::important))
                    .flatExtracting(Passage::clauses)
                    .extracting(ClauseId::value)
                    .containsExactly(
                        "0.1",
                        "II.I.5",
                        "II.I.7",
                        "III.I.5",
                        "III.II.1",
                        "II.II.3",
                        "V.2",
                        "VI.1",
                        "VII.1",
                        "VII.2",
                        "VII.3",
                        "VII.4",
                        "0.2"));
  }

  @Test
  void everyKindOfDataOfThePublishedTextIsAField() {
    assertThat(fields().map(field -> field.id().toString()))
        .contains(
            "identity.name",
            "identity.gender",
            "identity.age",
            "identity.birth-date",
            "identity.id-number",
            "identity.postal-address",
            "identity.occupation",
            "identity.education",
            "identity.biometric",
            "payment.bank-card",
            "contact.email",
            "contact.phone",
            "device.name",
            "device.model",
            "device.id",
            "device.operating-system",
            "device.application-version",
            "device.language",
            "device.resolution",
            "device.network",
            "location.position",
            "log.access");
  }

  @Test
  void theReferencePolicyUsesEveryType() {
    assertThat(fields().map(Field::type)).containsAll(EnumSet.allOf(FieldType.class));
  }

  @Test
  void whatIsSensitiveIsSaidToBe() {
    assertThat(fields().filter(field -> field.sensitivity() == Sensitivity.SENSITIVE))
        .extracting(field -> field.id().toString())
        .containsExactlyInAnyOrder(
            "identity.id-number", "identity.biometric", "payment.bank-card", "location.position");
  }

  @Test
  void aPositionNeedsBothConditions() {
    assertThat(category("location").requires())
        .containsExactlyInAnyOrder(
            new ConditionId("device-location-on"), new ConditionId("location-service-in-use"));
    assertThat(category("location").kind()).isEqualTo(Kind.EVENT_SERIES);
  }

  @Test
  void peopleAreFoundByWhatTheySignInWith() {
    assertThat(fields().filter(field -> field.lookup() == Lookup.ALIAS))
        .extracting(field -> field.id().toString())
        .containsExactlyInAnyOrder("contact.email", "contact.phone", "account.external-id");
    assertThat(category("contact").scope()).isEqualTo(Scope.ACCOUNT);
    assertThat(category("account").scope()).isEqualTo(Scope.PRODUCT);
  }

  @Test
  void promotionWaitsForAYesOnEachChannel() {
    assertThat(purpose("promotion").control()).isEqualTo(Control.OPT_IN);
    assertThat(purpose("promotion").channels())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("service", "email", "sms");
  }

  @Test
  void theProgrammeIsJoinedAndSeesNobody() {
    assertThat(purpose("user-experience").programme()).contains("user-experience");
    assertThat(purpose("user-experience").view()).isEqualTo(View.DE_IDENTIFIED);
  }

  @Test
  void upgradesUseDeviceDataOnly() {
    assertThat(Stream.of("certification", "upgrade").flatMap(p -> purpose(p).uses().stream()))
        .allMatch(field -> field.category().value().equals("device"));
  }

  @Test
  void everyLegalUseIsApprovedOrReviewedOrDemandedByLaw() {
    assertThat(purpose("court-order").exception().orElseThrow().fieldsNamed()).isTrue();
    assertThat(purpose("safety-of-life").breakGlass())
        .contains(new BreakGlass(Duration.ofHours(24), new RoleId("privacy-officer")));
    assertThat(
            policy().purposes().stream()
                .filter(p -> p.clause().value().equals("II.I.7"))
                .filter(p -> p.exception().isEmpty() && p.breakGlass().isEmpty()))
        .extracting(p -> p.id().value())
        .containsExactly("network-records");
  }

  @Test
  void beforeAGuardianAgreesOnlyTheRequestGoesOn() {
    assertThat(
            policy().purposes().stream().filter(p -> p.before().contains(Before.GUARDIAN_CONSENT)))
        .extracting(p -> p.id().value())
        .containsExactly("guardian-contact");
    assertThat(purpose("guardian-contact").uses())
        .extracting(FieldId::toString)
        .containsExactlyInAnyOrder("guardian.email", "guardian.phone", "identity.birth-date");
  }

  @Test
  void onlySigningInAndTheGuardianDoNotWaitForAcceptance() {
    assertThat(policy().purposes().stream().filter(p -> p.before().contains(Before.ACCEPTANCE)))
        .extracting(p -> p.id().value())
        .containsExactly("authentication", "guardian-contact");
  }

  @Test
  void aGuardiansDetailsAreSomebodyElses() {
    assertThat(policy().categories().stream().filter(c -> c.about() == About.ANOTHER))
        .extracting(c -> c.id().value())
        .containsExactly("guardian");
  }

  @Test
  void whatIsStoredBeforeAnybodyAgreedEndsByItself() {
    for (Purpose early : policy().purposes()) {
      if (!early.before().isEmpty()) {
        assertThat(early.uses())
            .allMatch(
                field ->
                    policy().retention().stream()
                        .anyMatch(
                            kept -> kept.from() != From.CLOSING && kept.of().contains(field)));
      }
    }
  }

  @Test
  void afterClosingOnlyTheRecordsOfTheLawStay() {
    assertThat(fields().map(Field::id))
        .filteredOn(
            field ->
                policy().retention().stream()
                    .noneMatch(kept -> kept.from() == From.CLOSING && kept.of().contains(field)))
        .extracting(FieldId::toString)
        .containsExactly("log.access");
    assertThat(purpose("network-records").nature()).isEqualTo(Nature.RECORD_KEEPING);
  }

  @Test
  void peopleSignBeforeTheySeeAndRegulatorsSeeNothing() {
    assertThat(policy().roles())
        .filteredOn(role -> role.undertaking().isEmpty() && !role.id().value().equals("regulator"))
        .allMatch(role -> role.heldBy() == HeldBy.SERVICE)
        .extracting(role -> role.id().value())
        .containsExactly("product-backend", "backup-program", "message-sender");
    assertThat(policy().roles())
        .filteredOn(role -> Set.of("auditor", "regulator").contains(role.id().value()))
        .hasSize(2)
        .allMatch(role -> role.purposes().isEmpty() && role.collects().isEmpty());
  }

  @Test
  @Clause({"III.I.3", "III.I.4"})
  void whoeverIsNoAuthorityFollowsInstructionsAndNothingLeavesTheCountry() {
    assertThat(policy().sharing().recipients())
        .allMatch(recipient -> recipient.destinations().equals(Set.of("CN")))
        .allMatch(
            recipient ->
                recipient.kind() == Sharing.Kind.AUTHORITY
                    || recipient.actsAs() == Sharing.LegalRole.PROCESSOR);
  }

  @Test
  void noPurposeRestsOnAnInterestOrOnSilence() {
    assertThat(policy().purposes())
        .noneMatch(p -> p.basis() == Basis.LEGITIMATE_INTEREST)
        .noneMatch(p -> p.control() == Control.OPT_OUT);
  }

  @Test
  @Clause("IV.7")
  void incidentsAreToldInThePublishedWaysWithinTheTermsOfTheLaw() {
    Incidents incidents = policy().duties().incidents().orElseThrow();

    assertThat(incidents.channels())
        .extracting(Object::toString)
        .containsExactly("push", "email", "phone", "letter");
    assertThat(incidents.regulator()).contains(new Term(4, Term.Unit.HOUR));
    assertThat(incidents.people()).contains(new Term(24, Term.Unit.HOUR));
    assertThat(incidents.announceAbove()).hasValue(1000);
  }

  @Test
  @Clause({"VII.1", "VII.2", "VII.3", "VII.4"})
  void outsideCausesHaveNamesAndNoClocksOfTheirOwn() {
    Incidents incidents = policy().duties().incidents().orElseThrow();

    assertThat(incidents.outsideCauses()).containsExactlyInAnyOrder(OutsideCause.values());
    assertThat(
            Cases.problems(
                Cases.smallPolicy()
                    .replace("regulator: PT4H", "regulator: PT4H, force-majeure: PT72H")))
        .anyMatch(problem -> problem.contains("unknown key `force-majeure`"));
  }

  @Test
  @Clause({"V.3", "V.4", "V.5"})
  void requestsAreAnsweredWithinTheTermsOfTheLaw() {
    Requests requests = policy().duties().requests().orElseThrow();

    assertThat(requests.confirmWithin()).contains(new Term(3, Term.Unit.WORKING_DAY));
    assertThat(requests.answerWithin()).contains(new Term(30, Term.Unit.DAY));
    assertThat(requests.extendBy()).isEmpty();
    assertThat(requests.closingWithin()).contains(new Term(15, Term.Unit.WORKING_DAY));
    assertThat(requests.complaintsWithin()).contains(new Term(15, Term.Unit.WORKING_DAY));
  }

  @Test
  @Clause({"0.2", "IX.1"})
  void revisionsAreAnnouncedAMonthAheadAndGoingOnAcceptsWordsAlone() {
    Revision revision = policy().duties().revision().orElseThrow();

    assertThat(revision.notice()).isEqualTo(new Term(30, Term.Unit.DAY));
    assertThat(revision.continuedUse()).isEqualTo(ContinuedUse.EDITORIAL);
  }

  @Test
  @Clause("VIII.3")
  void everyNoticeSaysWhereToWrite() {
    assertThat(((Sound) CHECKED).notices())
        .allSatisfy(
            notice ->
                assertThat(notice.passages())
                    .filteredOn(passage -> passage.clauses().contains(new ClauseId("VIII.3")))
                    .singleElement()
                    .satisfies(
                        passage ->
                            assertThat(passage.text()).contains(policy().controller().email())));
  }

  @Test
  void thePolicyKeepsTheOrderOfItsFile() {
    assertThat(policy().categories().getFirst().id().value()).isEqualTo("identity");
    assertThat(policy().products())
        .extracting(Object::toString)
        .containsExactly("general", "meeting", "calendar");
    assertThat(policy().categories().getFirst().fields().stream().map(f -> f.id().name()).toList())
        .isNotEqualTo(
            policy().categories().getFirst().fields().stream()
                .map(f -> f.id().name())
                .sorted(Comparator.naturalOrder())
                .toList());
  }
}
