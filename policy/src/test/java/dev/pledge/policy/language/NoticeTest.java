package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Notice.Passage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ClauseId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NoticeTest {
  private static List<String> problems(String notice) {
    return problems(Map.of("en", notice));
  }

  private static List<String> problems(Map<String, String> notices) {
    String languages =
        "languages: [" + String.join(", ", notices.keySet().stream().sorted().toList()) + "]";
    String policy = Cases.smallPolicy().replace("languages: [en]", languages);
    return PolicyCheck.check(PolicySource.of(policy, notices)).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  @Clause("0.3")
  void passagesCarryTheirClausesAndWhetherTheyAreImportant() {
    Sound sound = (Sound) Cases.check(Cases.smallPolicy());

    Notice notice = sound.notices().getFirst();
    assertThat(notice.language()).isEqualTo("en");
    assertThat(notice.title()).isEqualTo("In short");
    Passage rules = notice.passages().get(2);
    assertThat(rules.heading()).isEqualTo("Rules");
    assertThat(rules.important()).isTrue();
    assertThat(rules.text()).isEqualTo("You can change your mind.");
    assertThat(rules.clauses()).contains(new ClauseId("V.2"), new ClauseId("IV.1"));
    assertThat(notice.passages().getFirst().important()).isFalse();
  }

  @Test
  void aRuleWithoutWordsIsRefused() {
    assertThat(problems(Cases.smallNotice().replace("#II.I.5 ", "")))
        .containsExactly(
            "notice.en.md:1:1: clause `II.I.5` has a rule but no passage; mark the heading of its"
                + " words with `{#II.I.5}`");
  }

  @Test
  void wordsWithoutARuleAreRefused() {
    assertThat(problems(Cases.smallNotice().replace("#V.2", "#V.2 #VII.1")))
        .containsExactly(
            "notice.en.md:7:70: clause `VII.1` has a passage but no rule; write"
                + " `outside-causes: [shared-password]`, or remove the mark");
  }

  @Test
  void aClauseNobodyKnowsIsRefused() {
    assertThat(problems(Cases.smallNotice().replace("#V.2", "#V.2 #V.22")))
        .containsExactly(
            "notice.en.md:7:70: unknown clause `V.22` in the notice; did you mean `V.2`?");
  }

  @Test
  void aClauseExplainedTwiceIsRefused() {
    assertThat(problems(Cases.smallNotice() + "\n## Again {#V.2 .important}\n\nAgain.\n"))
        .containsExactly(
            "notice.en.md:15:11: clause `V.2` has two passages in this notice; keep its mark on one"
                + " of them");
  }

  @Test
  void aMarkInAnotherFormIsRefused() {
    assertThat(problems(Cases.smallNotice().replace("#VI.1 .important", "#VI.1 .Important")))
        .containsExactly(
            "notice.en.md:7:76: unknown mark `.Important`; write clauses as `#II.I.5`, and"
                + " `.important` where a passage must stand out");
  }

  @Test
  void aPassageThatSaysNothingIsRefused() {
    assertThat(problems(Cases.smallNotice().replace("You can change your mind.", "")))
        .containsExactly(
            "notice.en.md:7:4: the passage `Rules` says nothing; write its words under the"
                + " heading");
  }

  @Test
  void anEmptyNoticeIsRefused() {
    assertThat(problems("\n"))
        .contains("notice.en.md:1:1: the notice has no title; begin it with a line `# Title`");
  }

  @Test
  void aHeadingWithoutWordsIsRefused() {
    assertThat(problems(Cases.smallNotice().replace("## Rules {", "## {")))
        .contains("notice.en.md:7:4: a heading without words; name the passage before its mark");
  }

  @Test
  @Clause("0.3")
  void whatStandsOutInOneLanguageStandsOutInAll() {
    String small = Cases.smallNotice();

    String plain = small.replace("#II.I.9", "#II.I.9 .important");
    assertThat(problems(Map.of("en", plain, "zh", small)))
        .containsExactly(
            "notice.zh.md:3:16: clause `I.M` stands out in another language and not in this one"
                + " (0.3); add `.important` to the mark, or remove it there");
  }

  @Test
  @Clause("0.3")
  void whatLimitsPeopleStandsOutAndIsToldOnceForAPassage() {
    String small = Cases.smallNotice();
    String plain = small.replace(" .important", "");

    List<String> expected =
        List.of(
            "notice.zh.md:7:20: clause `II.II.3` limits what people can do, and its passage does"
                + " not stand out (0.3); add `.important` to the mark",
            "notice.zh.md:11:28: clause `0.1` limits what people can do, and its passage does not"
                + " stand out (0.3); add `.important` to the mark");
    assertThat(problems(Map.of("en", small, "zh", plain))).containsExactlyElementsOf(expected);
    assertThat(problems(Map.of("zh", plain))).containsExactlyElementsOf(expected);
  }

  @Test
  void aRemarkIsNoWords() {
    String small = Cases.smallNotice();
    String says = "You can change your mind.";
    String nothing =
        "notice.en.md:7:4: the passage `Rules` says nothing; write its words under the heading";

    assertThat(problems(small.replace(says, "<!-- " + says + " -->"))).containsExactly(nothing);
    assertThat(problems(small.replace(says, "<!--a--> --- <!--b-->"))).containsExactly(nothing);
    assertThat(problems(small.replace(says, "<!-- later"))).containsExactly(nothing);
    assertThat(problems(small.replace(says, "<!--a--> You can."))).isEmpty();
  }

  @Test
  void aMarkThatIsNoneIsRefusedWhereItStandsAndOnce() {
    String small = Cases.smallNotice();

    assertThat(problems(small.replace("III.I.5 .important}", "III.I.5 .important")))
        .containsExactly(
            "notice.en.md:11:27: a mark that cannot be read; end the heading with"
                + " `{#0.1 #0.2 #II.I.7 #III.I.5 .important}`, and nothing after it");
    assertThat(problems(small.replace("III.I.5 .important}", "III.I.5 .important} *")))
        .containsExactly(
            "notice.en.md:11:27: a mark that cannot be read; end the heading with"
                + " `{#0.1 #0.2 #II.I.7 #III.I.5 .important}`, and nothing after it");
    assertThat(problems(small.replace("{#0.1 #0.2", "#0.1, #0.2")))
        .containsExactly(
            "notice.en.md:11:27: a mark that cannot be read; end the heading with"
                + " `{#0.1 #0.2 #II.I.7 #III.I.5 .important}`, and nothing after it");
    assertThat(problems(small.replace("{#0.1 #0.2 #II.I.7", "{0.1 0.2 II.I.7")))
        .containsExactly(
            "notice.en.md:11:27: a mark that cannot be read; end the heading with"
                + " `{#0.1 #0.2 #II.I.7 #III.I.5 .important}`, and nothing after it");
    assertThat(problems(small.replace("## What", "##What")))
        .containsExactly(
            "notice.en.md:11:26: a mark that stands on no heading; write the line as"
                + " `## Words {#0.1 #0.2 #II.I.7 #III.I.5 .important}`, with a space after the `#`");
  }

  @Test
  void wordsInALanguageThePolicyDoesNotNameAreRefused() {
    PolicySource source =
        PolicySource.of(
            Cases.smallPolicy(), Map.of("en", Cases.smallNotice(), "de", Cases.smallNotice()));

    assertThat(PolicyCheck.check(source).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "notice.de.md:1:1: language `de` is not one of the policy's; add it to `languages`, or"
                + " remove the file");
  }

  @Test
  void headingsInsideCodeAreNoHeadings() {
    String code = "\n```\n## Not a heading {#IV.7}\n```\n";

    assertThat(problems(Cases.smallNotice() + code)).isEmpty();
  }
}
