package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.language.Checked.Sound;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StarterTest {
  private static final LocalDate DAY = LocalDate.of(2026, 12, 1);
  private static final List<List<String>> LANGUAGES =
      List.of(List.of("en"), List.of("zh"), List.of("zh", "en"));

  /** Jurisdictions whose laws are tables of their own. */
  private static final List<String> UNLIKE = List.of("CN", "EU", "GB", "US");

  private static Starter starter(List<String> jurisdictions, List<String> languages) {
    return new Starter("my-shop", jurisdictions, languages, DAY);
  }

  private static Checked check(Starter starter) {
    Map<String, String> files = starter.files();
    Map<String, String> notices = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>();
    for (String language : starter.languages()) {
      notices.put(language, files.get("notice." + language + ".md"));
      labels.put(language, files.get("labels." + language + ".yaml"));
    }
    assertThat(files).hasSize(1 + 2 * starter.languages().size() + Schema.values().length);
    return PolicyCheck.check(PolicySource.of(files.get("policy.yaml"), notices, labels));
  }

  @Test
  void everyStarterIsSoundWithoutAWarning() {
    List<String> all = List.copyOf(Starter.possibleJurisdictions());
    List<List<String>> jurisdictions = new ArrayList<>(List.of(all));
    all.forEach(one -> jurisdictions.add(List.of(one)));
    for (String one : UNLIKE) {
      UNLIKE.stream()
          .filter(other -> !other.equals(one))
          .forEach(other -> jurisdictions.add(List.of(one, other)));
    }
    for (List<String> codes : jurisdictions) {
      for (List<String> languages : LANGUAGES) {
        Checked checked = check(starter(codes, languages));
        assertThat(checked.problems()).as("%s in %s", codes, languages).isEmpty();
        assertThat(((Sound) checked).policy().jurisdictions()).isEqualTo(codes);
        assertThat(((Sound) checked).policy().version()).hasToString("my-shop@2026-12-01");
      }
    }
  }

  @Test
  void wordsAndRulesSayTheSame() {
    Map<String, String> china = starter(List.of("CN"), List.of("en")).files();
    Map<String, String> union = starter(List.of("EU"), List.of("en")).files();

    assertThat(china.get("policy.yaml"))
        .contains("under: 14 ", "regulator: PT4H", "keep: P6M, from: c");
    assertThat(china.get("notice.en.md"))
        .contains("under 14,", "within 4 hours", "note: 6 months.");
    assertThat(union.get("policy.yaml"))
        .contains("under: 16 ", "regulator: PT72H", "keep: P30D, from: c");
    assertThat(union.get("notice.en.md"))
        .contains("under 16,", "within 72 hours", "note: 30 days.");
  }

  @Test
  void remarksStandInOneColumn() {
    String policy = starter(List.of("CN", "EU"), List.of("en", "zh")).files().get("policy.yaml");

    assertThat(policy.lines().filter(line -> line.matches("[a-z].* # .*")).toList())
        .hasSizeGreaterThan(12)
        .allMatch(line -> line.indexOf(" # ") == 40);
    assertThat(policy).doesNotContain("@id@", "@version@").doesNotContainPattern("@[a-z-]+@");
  }

  @Test
  void whatCannotBeWrittenIsRefusedWithWhatCan() {
    assertThatThrownBy(() -> new Starter("My Shop", List.of("EU"), List.of("en"), DAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`My Shop` is no name of a policy; use lower-case");
    assertThatThrownBy(() -> starter(List.of("EU", "XX"), List.of("en")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jurisdiction `XX`; use one of AT, BE,");
    assertThatThrownBy(() -> starter(List.of("EU"), List.of("de")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("language `de`; use one of en, zh");
    assertThatThrownBy(() -> starter(List.of(), List.of("en")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name each jurisdiction once");
    assertThatThrownBy(() -> starter(List.of("EU"), List.of("en", "en")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name each language once");
  }
}
