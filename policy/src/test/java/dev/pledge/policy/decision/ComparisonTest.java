package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.draft;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.View;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;
import dev.pledge.policy.revision.Weight;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a version changes, and which grants end with it, say the same. */
class ComparisonTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_261_126L);

  private static Draft next() {
    return draft().version("2", LocalDate.of(2026, 11, 20));
  }

  private static Comparison from(Draft later) {
    return Comparison.of(draft().build(), later.build());
  }

  @Test
  void nothingChangesWhereNothingDoes() {
    Comparison comparison = from(next());
    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.weight()).isEqualTo(Weight.EDITORIAL);
    assertThat(comparison.lapse()).isEqualTo(new Lapse(Set.of(), Set.of(), Map.of()));
  }

  @Test
  void aCloserViewIsMaterialAndEndsConsents() {
    Comparison comparison = from(next().purpose("improvement", p -> p.view(View.MASKED)));
    assertThat(comparison.weight()).isEqualTo(Weight.MATERIAL);
    assertThat(comparison.changes())
        .extracting(Change::toString)
        .containsExactly("purpose `improvement`: view: de-identified -> masked");
    assertThat(comparison.lapse().ofAnybody()).contains("improvement").doesNotContain("promotion");
    Comparison back =
        Comparison.of(
            next().purpose("improvement", p -> p.view(View.MASKED)).build(), draft().build());
    assertThat(back.weight()).isEqualTo(Weight.NARROWING);
    assertThat(back.lapse().ofAnybody()).isEmpty();
  }

  @Test
  void anAgeLowerInOneJurisdictionIsMaterialAndAHigherOneNarrows() {
    Draft one = next().agesBy(Map.of("CN", 18, "US", 16), Map.of("CN", 14, "US", 14));
    Comparison lower = from(one);
    assertThat(lower.changes())
        .extracting(Change::toString)
        .containsExactly(
            "minors: under: 18 -> 18 in CN, 16 in US",
            "minors: sensitive-under: 14 -> 14 in CN, 14 in US");
    assertThat(lower.changes())
        .extracting(Change::weight)
        .containsExactly(Weight.MATERIAL, Weight.NARROWING);
    assertThat(Comparison.of(one.build(), draft().build()).weight()).isEqualTo(Weight.NARROWING);
  }

  /** One by one, what ends a consent. */
  @Test
  void whateverEndsAConsentIsMaterial() {
    MeaningTest.LOOSER.forEach(
        (what, change) -> {
          Comparison comparison = altered(change);
          assertThat(comparison.lapse().ofAnybody()).as(what).contains("improvement");
          assertThat(comparison.weight()).as(what + ": " + comparison).isEqualTo(Weight.MATERIAL);
        });
    MeaningTest.NOT_LOOSER.forEach(
        (what, change) ->
            assertThat(altered(change).lapse().ofAnybody()).as(what).doesNotContain("improvement"));
  }

  private static Comparison altered(UnaryOperator<Draft> change) {
    Draft later = change.apply(MeaningTest.before()).version("2", LocalDate.of(2026, 11, 20));
    return Comparison.of(MeaningTest.before().build(), later.build());
  }

  @Test
  void whatAsksForMoreOnlyNarrows() {
    assertDirection("promotion", p -> p.control(Control.OPT_OUT), p -> p.control(Control.OPT_IN));
    assertDirection("promotion", p -> p.control(Control.NONE), p -> p.control(Control.OPT_OUT));
    assertDirection(
        "court-order",
        p -> p.exception("legal", false, TellPerson.AT_ONCE),
        p -> p.exception("legal", true, TellPerson.AT_ONCE));
    assertDirection(
        "court-order",
        p -> p.exception("legal", true, TellPerson.NEVER),
        p -> p.exception("legal", true, TellPerson.AFTER));
    assertDirection("court-order", Draft.Purpose::withoutOversight, p -> p.exception("legal"));
    assertDirection(
        "safety-of-life",
        p -> p.breakGlass(Duration.ofHours(24), "legal"),
        p -> p.breakGlass(Duration.ofHours(23), "legal"));
    assertDirection(
        "safety-of-life",
        Draft.Purpose::withoutOversight,
        p -> p.breakGlass(Duration.ofHours(24), "legal"));
  }

  @Test
  void whatAsksSomebodyElseCanBeReadEitherWay() {
    assertEitherWay("court-order", p -> p.exception("legal"), p -> p.exception("support-agent"));
    assertEitherWay(
        "court-order",
        p -> p.exception("legal", false, TellPerson.AT_ONCE),
        p -> p.exception("legal", true, TellPerson.AFTER));
    assertEitherWay(
        "court-order",
        Draft.Purpose::withoutOversight,
        p -> p.exception("legal", true, TellPerson.AFTER));
    assertEitherWay(
        "safety-of-life",
        p -> p.breakGlass(Duration.ofHours(24), "legal"),
        p -> p.breakGlass(Duration.ofHours(1), "support-agent"));
  }

  private static void assertDirection(
      String purpose, Consumer<Draft.Purpose> wide, Consumer<Draft.Purpose> narrow) {
    assertThat(changed(purpose, wide, narrow).weight()).isEqualTo(Weight.NARROWING);
    assertThat(changed(purpose, wide, narrow).lapse().ofAnybody()).isEmpty();
    assertThat(changed(purpose, narrow, wide).weight()).isEqualTo(Weight.MATERIAL);
  }

  private static void assertEitherWay(
      String purpose, Consumer<Draft.Purpose> one, Consumer<Draft.Purpose> other) {
    assertThat(changed(purpose, one, other).weight()).isEqualTo(Weight.MATERIAL);
    assertThat(changed(purpose, other, one).weight()).isEqualTo(Weight.MATERIAL);
  }

  private static Comparison changed(
      String purpose, Consumer<Draft.Purpose> before, Consumer<Draft.Purpose> after) {
    Comparison comparison =
        Comparison.of(
            draft().purpose(purpose, before).build(), next().purpose(purpose, after).build());
    assertThat(comparison.changes()).hasSize(1);
    return comparison;
  }

  /** Whatever the two are: where a grant ends something is material, and the reverse. */
  @Test
  void whereNothingIsMaterialNoConsentEnds() {
    int ending = 0;
    int harmless = 0;
    for (int i = 0; i < 400; i++) {
      List<Policy> versions = InventedPolicies.versions(SEED + i);
      for (int j = 1; j < versions.size(); j++) {
        Comparison comparison = Comparison.of(versions.get(j - 1), versions.get(j));
        boolean ends = isSomethingAlteredThatEnds(comparison, versions.get(j));
        if (ends) {
          assertThat(comparison.weight())
              .as("seed %d: %s", SEED + i, comparison)
              .isEqualTo(Weight.MATERIAL);
          ending++;
        } else if (comparison.weight() != Weight.MATERIAL) {
          harmless++;
        }
      }
    }
    assertThat(ending).isGreaterThan(50);
    assertThat(harmless).isGreaterThan(5);
  }

  /** A purpose that is gone ends its grants, and goes less far. */
  private static boolean isSomethingAlteredThatEnds(Comparison comparison, Policy later) {
    return comparison.lapse().ofAnybody().stream()
        .anyMatch(
            name ->
                name.equals(CompiledPolicy.POOLING)
                    ? later.pooling() == Policy.Pooling.WITH_AUTHORISATION
                    : later.purposes().stream()
                        .anyMatch(purpose -> purpose.id().value().equals(name)));
  }
}
