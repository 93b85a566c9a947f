package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.language.Cases.Case;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Checked.Unsound;
import dev.pledge.policy.names.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProblemsTest {
  @Test
  void theSmallPolicyIsSound() {
    assertThat(Cases.problems(Cases.smallPolicy())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.Cases#all")
  void eachMistakeIsNamedAtItsPlaceWithItsRemedy(Case mistake) {
    assertThat(Cases.problems(mistake.check())).isEqualTo(mistake.problems());
  }

  @Test
  @Clause("I.M")
  void howDataIsCollectedIsSaid() {
    assertUnsound("method missing", "method empty", "method unknown");
  }

  @Test
  @Clause("I.5")
  void whatIsNotDeclaredIsNeitherCollectedNorUsed() {
    assertUnsound("role collects an unknown field", "field unknown", "category unknown");
  }

  @Test
  @Clause("II.I.5")
  void promotionIsWhatAPersonCanRefuse() {
    assertUnsound(
        "promotion by another name",
        "promotion without channels",
        "promotion that nobody could refuse",
        "promotion as a public task",
        "promotion without asking in Europe");
  }

  @Test
  @Clause("II.I.7")
  void nobodyIsUsedWithoutAuthorisationUnseen() {
    assertUnsound(
        "exception nobody approves",
        "emergency nobody reviews",
        "use without authorisation under a contract",
        "use without authorisation as a public task",
        "role of a program that looks over people",
        "role that looks over people and signed nothing");
  }

  @Test
  @Clause("III.I.1")
  void nothingIsSharedButInListedCases() {
    assertUnsound(
        "recipient without a case",
        "recipient with a case of its own",
        "recipient of service in an emergency",
        "partner under a consent that nobody is asked for");
  }

  @Test
  @Clause({"III.I.2", "VIII.4"})
  void anAffiliateIsACompanyOfTheGroup() {
    assertUnsound(
        "affiliate without a company",
        "affiliate that is an unknown company",
        "affiliate that is the controller itself",
        "affiliate that nobody of the group controls",
        "companies that control each other");
  }

  @Test
  @Clause("III.I.3")
  void aPartnerReceivesOnlyWhatItsPurposesNeed() {
    assertUnsound(
        "recipient for no purpose",
        "recipient of a field that its purposes do not use",
        "recipient for a purpose that uses none of its fields",
        "recipient without fields");
  }

  @Test
  @Clause("III.I.4")
  void everyRecipientIsBoundAndSaysWhatItIsAndWhere() {
    assertUnsound(
        "recipient without an agreement",
        "agreement that binds to too little",
        "agreement that binds to nothing",
        "agreement with a recipient that ends before it begins",
        "recipient anywhere",
        "recipient in no country",
        "authority that takes instructions",
        "recipient that decides itself without the person's word",
        "recipient abroad without the person's word",
        "authority abroad");
  }

  @Test
  @Clause("III.I.5")
  void nothingIsForSale() {
    assertUnsound(
        "purpose for sale",
        "sale somewhere else",
        "agreement for gain",
        "recipient that pays",
        "agreement without a word on what is given in return");
  }

  @Test
  @Clause({"III.II.1", "III.III.1"})
  void nothingIsTransferredOrPublishedUnsaid() {
    assertUnsound("transfer to whoever comes", "transfer without words", "publication of anything");
  }

  @Test
  @Clause({"III.I.5", "II.I.7"})
  void authoritiesDoNotGoAroundApprovals() {
    assertUnsound(
        "authority that receives as a service",
        "authority that receives for something nobody approves",
        "partner that receives around an approval",
        "partner that receives by law for what nobody approves");
  }

  @Test
  @Clause("IV.1")
  void everythingEnds() {
    assertUnsound(
        "retention missing for a field",
        "no end once accepted",
        "retention from an end that never comes",
        "stored because the law orders it, and kept for ever",
        "many values that the law orders, kept for ever");
  }

  @Test
  @Clause("IV.4")
  void whatNothingUsesIsNotCollected() {
    assertUnsound("field nobody uses", "field only an exception uses");
  }

  @Test
  @Clause("V.2")
  void noConsentIsForEverAndNoFunctionWaitsForOne() {
    assertUnsound("consent without control", "a function that waits for a consent");
  }

  @Test
  @Clause("V.4")
  void noConsentOutlivesARestriction() {
    assertUnsound("legal claims on a consent");
  }

  @Test
  @Clause("IV.7")
  void whoeverIsConcernedByAnIncidentIsToldInTime() {
    assertUnsound(
        "incidents missing",
        "incident told to nobody",
        "incident told inside the product alone",
        "incident told by letter to people without an address",
        "incident without a word to the people",
        "incident without a word to the regulator",
        "regulator told later than the law allows");
  }

  @Test
  @Clause({"V.1", "V.4"})
  void requestsAreAnsweredInTime() {
    assertUnsound(
        "requests answered later than the law allows",
        "requests answered within working days, which holidays make more",
        "requests answered when there is time",
        "answers that take longer where the law gives no more time");
  }

  @Test
  @Clause("V.3")
  void accountsAreClosedInTime() {
    assertUnsound("accounts closed when there is time");
  }

  @Test
  @Clause({"V.3", "II.II.3"})
  void nobodyIsKeptForLongWhoWantsToGoNorUnderAConditionThatNobodyKnows() {
    assertUnsound(
        "a recovery that keeps whoever wants to go",
        "a recovery that is none",
        "accounts closed under a condition that is not declared",
        "accounts of a product that is not declared",
        "accounts closed under no condition");
  }

  @Test
  @Clause("V.5")
  void complaintsAreAnsweredInTime() {
    assertUnsound("complaints answered when there is time");
  }

  @Test
  @Clause({"0.2", "IX.1"})
  void revisionsAreAnnouncedAndNobodyAcceptsAllOfThemByGoingOn() {
    assertUnsound("revision without notice", "revision accepted by going on");
  }

  /** Each of these mistakes alone keeps a policy from being used. */
  private static void assertUnsound(String... mistakes) {
    for (String name : mistakes) {
      Case mistake =
          Cases.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
      assertThat(mistake.check()).as(name).isInstanceOf(Unsound.class);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.Cases#all")
  void aPolicyIsUnsoundExactlyWhenAProblemIsAnError(Case mistake) {
    Checked checked = mistake.check();

    boolean errors =
        checked.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    assertThat(checked).isInstanceOf(errors ? Unsound.class : Sound.class);
  }

  @Test
  void aProblemShowsItsLineWithACaretUnderThePlace() {
    Problem problem =
        Cases.check(
                Cases.smallPolicy().replace("[contact.email]\n  court", "[contact.emial]\n  court"))
            .problems()
            .getFirst();

    assertThat(problem.excerpt()).isEqualTo("contact.emial");
    assertThat(problem.pretty())
        .isEqualTo(
            """
            policy.yaml:41:12: unknown field `contact.emial` in purpose `promotion`; did you mean `contact.email`?
                    uses: [contact.emial]
                           ^\
            """);
  }

  @Test
  void theCaretStandsUnderItsPlaceAfterWideCharacters() {
    String policy = Cases.smallPolicy().replace("name: Small Ltd, contact", "name: 北京公司, kontakt");

    Problem problem =
        Cases.check(policy).problems().stream()
            .filter(p -> p.excerpt().equals("kontakt"))
            .findFirst()
            .orElseThrow();

    assertThat(problem.column()).isEqualTo(27);
    assertThat(problem.pretty()).endsWith("\n" + " ".repeat(4 + 26 + 4) + "^");
  }

  @Test
  void aVeryLongLineIsShownAroundThePlace() {
    String policy =
        Cases.smallPolicy().replace("[contact.email] }", "[" + "a".repeat(5_000) + ", nil] }");

    assertThat(Cases.check(policy).problems())
        .allSatisfy(problem -> assertThat(problem.pretty().length()).isLessThan(600));
  }
}
