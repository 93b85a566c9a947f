package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.language.Clock.Bound;
import dev.pledge.policy.names.FieldType;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TablesTest {
  @Test
  void everyDemandOfLawNamesItsSourceAndWhenItWasChecked() {
    assertThat(Table.rows(Table.class, "law.txt"))
        .allSatisfy(
            row -> {
              assertThat(row).hasSize(7).noneMatch(String::isBlank);
              assertThat(row.get(5)).isIn("text", "secondary");
              assertThat(LocalDate.parse(row.get(6))).isAfter(LocalDate.of(2026, 1, 1));
            });
  }

  @Test
  void everyDemandOfLawCanBeRead() {
    assertThat(Table.rows(Table.class, "law.txt"))
        .allSatisfy(
            row -> {
              switch (row.get(1)) {
                case "basis" -> {
                  assertThat(Vocabulary.of("basis", Basis.values()).words())
                      .containsKey(row.get(2));
                  assertThat(Vocabulary.of("control", Control.values()).words())
                      .containsKey(row.get(3));
                }
                case "promotion" ->
                    assertThat(Vocabulary.of("control", Control.values()).words())
                        .containsKey(row.get(3));
                case "notify" ->
                    assertThat(PurposeReader.CHANNELS.words().keySet())
                        .containsAll(List.of(row.get(3).split(" ", -1)));
                case "sensitive" ->
                    assertThat(List.of(row.get(3).split(" ", -1)))
                        .allMatch(type -> FieldType.of(type).isPresent());
                case "sensitive-because" ->
                    assertThat(Vocabulary.of("basis", Basis.values()).words().keySet())
                        .containsAll(List.of(row.get(3).split(" ", -1)));
                case "under", "sensitive-under" ->
                    assertThat(Integer.parseInt(row.get(3))).isBetween(10, 18);
                case "share" ->
                    assertThat(row.get(2) + " " + row.get(3))
                        .isIn("controller consent", "abroad consent", "foreign-authority never");
                case "cookies" ->
                    assertThat(Vocabulary.of("basis", Basis.values()).words().keySet())
                        .containsAll(List.of(row.get(3).split(" ", -1)));
                case "transfer" -> assertThat(row.get(2)).isIn("free", "certified", "safeguards");
                case "covers" -> assertThat(row.get(3)).contains("NO");
                default -> throw new AssertionError("unknown rule `" + row.get(1) + "`");
              }
            });
  }

  @Test
  void everyClockOfLawNamesItsSourceAndWhenItWasChecked() {
    assertThat(Table.rows(Table.class, Clock.FILE))
        .allSatisfy(
            row -> {
              assertThat(row).hasSize(10).noneMatch(String::isBlank);
              assertThat(row.get(8)).isIn("text", "secondary");
              assertThat(LocalDate.parse(row.get(9))).isAfter(LocalDate.of(2026, 1, 1));
            });
  }

  @Test
  void everyClockIsOfADutyAndEveryPromiseIsAtMostAsLong() {
    Map<String, List<Clock>> clocks = Clock.all();
    assertThat(clocks.keySet()).containsExactlyInAnyOrder("CN", "EU", "GB", "US", "US-CA");
    assertThat(clocks.values().stream().flatMap(List::stream))
        .allSatisfy(
            clock -> {
              boolean promised =
                  clock.duty().startsWith("incidents.") || clock.duty().startsWith("requests.");
              assertThat(clock.bound()).isEqualTo(promised ? Bound.MAX : Bound.MIN);
              assertThat(clock.starts()).isIn("awareness", "receipt", "collection", "recording");
              if (clock.duty().startsWith("keep.")) {
                assertThat(FieldType.of(clock.duty().substring(5))).isPresent();
                assertThat(clock.period().isZero()).isFalse();
              }
            });
  }

  @Test
  void theClocksOfTheUnionRunInItsMemberStates() {
    Law norway = Law.of("NO").orElseThrow();

    assertThat(norway.clocks("incidents.regulator"))
        .extracting(Clock::term)
        .containsExactly(Term.of("PT72H"));
    assertThat(norway.clocks("requests.answer-within"))
        .extracting(Clock::extension)
        .containsExactly(Term.of("P2M"));
  }

  @Test
  void chinaKnowsNoLegitimateInterestAndNorwayFollowsTheUnion() {
    Law china = Law.of("CN").orElseThrow();
    Law norway = Law.of("NO").orElseThrow();

    assertThat(china.basis(Basis.LEGITIMATE_INTEREST)).isEmpty();
    assertThat(norway.basis(Basis.LEGITIMATE_INTEREST)).hasSize(1);
    assertThat(norway.jurisdiction()).isEqualTo("NO");
  }

  @Test
  void aCountryOfTheUnionMayLowerTheAgeOfConsentAndFollowsTheUnionOtherwise() {
    assertThat(under("EU")).isEqualTo("16");
    assertThat(under("DE")).isEqualTo("16");
    assertThat(under("FR")).isEqualTo("15");
    assertThat(under("AT")).isEqualTo("14");
    assertThat(under("BE")).isEqualTo("13");
    assertThat(Law.of("AT").orElseThrow().basis(Basis.LEGITIMATE_INTEREST)).hasSize(1);
    assertThat(Law.of("AT").orElseThrow().clocks("incidents.regulator"))
        .isEqualTo(Law.of("EU").orElseThrow().clocks("incidents.regulator"));
  }

  @Test
  void noCountryOfTheUnionLowersTheAgeBelowWhatTheRegulationAllows() {
    assertThat(Law.jurisdictions())
        .filteredOn(code -> !Set.of("CN", "GB", "US").contains(code))
        .hasSize(31)
        .allSatisfy(code -> assertThat(Integer.parseInt(under(code))).isBetween(13, 16));
  }

  @Test
  void theUnitedStatesAskForNoBasisAndForAParentUnderThirteen() {
    Law states = Law.of("US").orElseThrow();

    assertThat(Basis.values()).allSatisfy(basis -> assertThat(states.basis(basis)).isNotEmpty());
    assertThat(under("US")).isEqualTo("13");
    assertThat(states.clocks("requests.answer-within")).isEmpty();
  }

  @Test
  void theUnionsLawCoversItsCountriesAndNoCountrysCoversAnother() {
    assertThat(Law.of("EU").orElseThrow().covers()).hasSize(30).contains("DE", "NO");
    assertThat(Law.of("DE").orElseThrow().covers()).isEmpty();
    assertThat(Law.of("US").orElseThrow().covers()).isEmpty();
  }

  private static String under(String code) {
    return Law.of(code).orElseThrow().age("under").orElseThrow().value();
  }

  @Test
  void everyClauseIsKnownOnceAndWellFormed() {
    List<String> ids = Table.rows(Table.class, "clauses.txt").stream().map(List::getFirst).toList();

    assertThat(ids).doesNotHaveDuplicates().hasSize(Clauses.known().size());
    assertThat(Table.rows(Table.class, "clauses.txt"))
        .allSatisfy(
            row -> {
              assertThat(row).hasSize(5).noneMatch(String::isBlank);
              assertThat(row.get(1)).isIn("always", "declared");
              assertThat(row.get(3)).isIn("yes", "-");
              if (!row.get(2).equals("-")) {
                assertThat(Vocabulary.of("part", Clauses.Part.values()).words().keySet())
                    .containsAll(List.of(row.get(2).split(" ", -1)));
              }
            });
    assertThat(Clauses.known()).containsAll(Clauses.always());
  }
}
