package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for policy authors says what the language does. */
final class DocumentedLanguageTest {
  private static final Pattern WORD = Pattern.compile("`([a-z-]+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/policy-language.md"));
  }

  private static String firstBlock(String language, String page) {
    String open = "```" + language + "\n";
    int from = page.indexOf(open) + open.length();
    return page.substring(from, page.indexOf("```\n", from));
  }

  static String examplePolicy() throws IOException {
    return firstBlock("yaml", page());
  }

  static String exampleLabels() throws IOException {
    return firstBlock("yaml", page().substring(page().indexOf("## The labels")));
  }

  @Test
  void theExampleOnThePageIsSound() throws IOException {
    PolicySource source =
        PolicySource.of(examplePolicy(), Map.of("en", firstBlock("markdown", page())));

    assertThat(PolicyCheck.check(source).problems()).isEmpty();
  }

  @Test
  void theRecipientAndTheCompaniesOnThePageGoWithTheExample() throws IOException {
    String policy =
        firstBlock("yaml", page())
            + "recipients:\n"
            + firstBlock("yaml", after("## `recipients`")).indent(2)
            + "companies:\n"
            + firstBlock("yaml", after("## `companies`")).indent(2);
    String notice =
        firstBlock("markdown", page())
            + "\n## Others {#III.I.1 #III.I.3 #III.I.4 #VIII.4}\n\nA messenger.\n";

    assertThat(PolicyCheck.check(PolicySource.of(policy, Map.of("en", notice))).problems())
        .isEmpty();
  }

  private static String after(String heading) throws IOException {
    return page().substring(page().indexOf(heading));
  }

  @Test
  void theLabelsOnThePageAreThoseOfTheExample() throws IOException {
    PolicySource source =
        PolicySource.of(
            examplePolicy(),
            Map.of("en", firstBlock("markdown", page())),
            Map.of("en", exampleLabels()));

    assertThat(PolicyCheck.check(source).problems()).isEmpty();
  }

  @Test
  void thePageHasEveryWordOfTheLanguage() throws IOException {
    String page = page();
    Set<String> words = new TreeSet<>();
    for (String broken :
        Set.of(
            "pooling: never~zzz: 1",
            "scope: account~zzz: 1",
            "    scope: account\n~    zzz: account\n",
            "type: phone,~zzz: phone,",
            "type: phone~type: zzz",
            "basis: contract~basis: zzz",
            "nature: promotion~nature: zzz",
            "channels: [email]~channels: [zzz]",
            "method: [satellite]~method: [zzz]",
            "sees: clear~sees: zzz",
            "mask: city~mask: zzz",
            "data: none~zzz: none",
            "agreement: {~agreement: { zzz: 1,",
            "basis: contract,~zzz: contract,",
            "pooling: never~transfer: zzz",
            "kind: partner~kind: zzz",
            "kind: partner~kind: partner\n    zzz: 1",
            "case: law~case: zzz",
            "acts-as: processor~acts-as: zzz",
            "how: significant-influence~how: zzz",
            "how: significant-influence~zzz: 1",
            "binds-to: [security, instructions, confidentiality]~binds-to: [zzz]",
            "name: Clouds Ltd~zzz: Clouds Ltd",
            "exception: {~exception: { zzz: 1,",
            "break-glass: { review-within: PT24H,~break-glass: { zzz: 1,",
            "of: [place],~zzz: [place],",
            "under: 18, ~zzz: 18, ",
            "notify: [push]~notify: [zzz]",
            "notify: [push],~zzz: [push],",
            "announce-above: 1000,~outside-causes: [zzz],",
            "answer-within: P28D,~zzz: P28D,",
            "notice: P30D,~zzz: P30D,",
            "continued-use-accepts: editorial~continued-use-accepts: zzz")) {
      int cut = broken.indexOf('~');
      String policy =
          Cases.smallPolicy().replace(broken.substring(0, cut), broken.substring(cut + 1));
      assertThat(policy).isNotEqualTo(Cases.smallPolicy());
      for (String problem : Cases.problems(policy)) {
        if (problem.contains("`zzz`") && problem.contains("use one of")) {
          Matcher word = WORD.matcher(problem.substring(problem.indexOf("use one of")));
          while (word.find()) {
            words.add(word.group(1));
          }
        }
      }
    }

    assertThat(words).hasSizeGreaterThan(80);
    assertThat(words.stream().filter(word -> !page.contains("`" + word + "`"))).isEmpty();
  }
}
