package dev.pledge.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Rule;
import dev.pledge.policy.document.Coverage.Row;
import dev.pledge.policy.document.Coverage.State;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.Clauses;
import dev.pledge.policy.language.Mention;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every clause has a state, and what is claimed as kept shows it. */
class CoverageTest {
  private static final Coverage REFERENCE =
      Coverage.of(
          (Checked.Sound) PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet"))));

  private static Row row(String clause) {
    return REFERENCE.rows().stream()
        .filter(row -> row.clause().value().equals(clause))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyClauseHasOneState() {
    assertThat(REFERENCE.rows())
        .extracting(Row::clause)
        .containsExactlyElementsOf(Clauses.all().stream().map(Clauses.Titled::clause).toList());
    for (Row row : REFERENCE.rows()) {
      assertThat(row.note().isEmpty())
          .as(row.clause().value())
          .isEqualTo(row.state() == State.KEPT);
    }
  }

  @Test
  void whatIsClaimedAsKeptHasARuleAPassageAndATest() {
    assertThat(REFERENCE.broken()).isEmpty();
    Set<String> absent =
        REFERENCE.rows().stream()
            .filter(row -> row.state() == State.KEPT && !row.isOfThePolicy())
            .map(row -> row.clause().value())
            .collect(Collectors.toSet());
    assertThat(absent).isEmpty();
  }

  @Test
  void whatKeepsAClauseIsARuleOrTheCheckOrThePages() {
    Set<String> words = new HashSet<>(Set.of("check", "render"));
    Arrays.stream(Rule.values())
        .map(rule -> rule.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .forEach(words::add);
    REFERENCE.rows().forEach(row -> assertThat(words).containsAll(row.keptBy()));
  }

  @Test
  void rulesPassagesAndTestsAreFoundWhereTheyStand() {
    Row promotion = row("II.I.5");
    assertThat(promotion.rules()).extracting(Mention::by).contains("purpose `promotion`");
    assertThat(promotion.rules()).extracting(Mention::file).containsOnly("policy.yaml");
    assertThat(promotion.passages())
        .extracting(Mention::file)
        .containsExactly("notice.en.md", "notice.zh.md");
    assertThat(promotion.tests()).extracting(Coverage.Test::type).contains("ConsentTest");
    Row declared = row("I.5");
    assertThat(declared.rules()).isEmpty();
    assertThat(declared.keptBy()).containsExactly("declared");
  }

  @Test
  void aClaimWithoutATestIsBroken() {
    Row kept = row("II.I.5");
    Row bare =
        new Row(
            kept.clause(),
            kept.title(),
            State.KEPT,
            List.of(),
            "",
            kept.rules(),
            kept.passages(),
            List.of());
    assertThat(bare.missing()).containsExactly("a rule", "a test");
    Coverage coverage = new Coverage(REFERENCE.policy(), List.of(bare));
    assertThat(coverage.broken()).containsExactly(bare);
    assertThat(coverage.kept()).isEmpty();
  }

  @Test
  void thePageShowsEveryClauseAndStandsByItself() {
    String page = REFERENCE.page();
    REFERENCE
        .rows()
        .forEach(row -> assertThat(page).contains("<section id=\"" + row.clause() + "\""));
    assertThat(page).doesNotContain("<script", "<link", "http://", "https://");
  }
}
