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

  @Clause({"I.M", "I.5", "III.I.5", "IV.4", "V.2"})
  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.Cases#all")
  void eachMistakeIsNamedAtItsPlaceWithItsRemedy(Case mistake) {
    assertThat(Cases.problems(mistake.policy())).isEqualTo(mistake.problems());
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.Cases#all")
  void aPolicyIsUnsoundExactlyWhenAProblemIsAnError(Case mistake) {
    Checked checked = Cases.check(mistake.policy());

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
