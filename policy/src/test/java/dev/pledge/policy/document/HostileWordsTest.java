package dev.pledge.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ProductId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Whatever stands in a notice or a label, nothing of it runs, and the page stays whole. */
final class HostileWordsTest {
  private static final String SCRIPT = "<script>alert(1)</script>";

  private static final Set<String> ACTIVE =
      Set.of("script", "iframe", "img", "object", "embed", "form", "base", "svg");

  /** What a browser may be made to do by a page, as far as it is in elements and addresses. */
  private static void assertHarmless(PolicyDocument document) {
    assertHarmless(Rendered.page(document));
    // Others render the text with programs that guard against nothing.
    assertHarmless(
        Rendered.parsed(
            "<t>" + Commonmark.html(document.markdown()).replace("<br>", " ") + "</t>"));
  }

  private static void assertHarmless(Document page) {
    assertThat(Rendered.all(page, "*").stream().filter(HostileWordsTest::doesSomething)).isEmpty();
  }

  private static boolean doesSomething(Element element) {
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      if (element.getAttributes().item(i).getNodeName().startsWith("on")) {
        return true;
      }
    }
    return ACTIVE.contains(element.getTagName())
        || (element.hasAttribute("href")
            && !element.getAttribute("href").matches("#.*|https?://.*|mailto:.*"));
  }

  private static PolicyDocument withWords(String words) {
    return Small.document(Small.POLICY, Small.NOTICE + "\n\n" + words + "\n", "general");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SCRIPT,
        "a " + SCRIPT + " b",
        "<img src=x onerror=alert(1)>",
        "<b onclick='x'>bold</b>",
        "[words](javascript:alert(1))",
        "[words](//evil.example)",
        "[words](JaVaScRiPt:alert(1))",
        "[words](data:text/html;base64,PHNjcmlwdD4=)",
        "[words]( <java\tscript:alert(1)> )",
        "[words][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![an image](https://example.com/x.png)",
        "![an image](javascript:alert(1))",
        "```\n</code></pre>" + SCRIPT + "\n```",
        "| a | b |\n|---|---|\n| " + SCRIPT + " | `</td>` |",
        "</section></main></body>",
        "<!-- a comment that does not end",
        "&lt;script&gt; &#60;script&#62; &amp;lt;",
        "Setext\n======\n\nanother\n-----",
        "> # quoted heading\n> " + SCRIPT,
        "<a id=\"V.2\"></a>",
        "[good](https://example.com/a?b=c&d) and [mail](mailto:privacy@example.com)"
      })
  void whatStandsInANoticeIsText(String words) {
    assertHarmless(withWords(words));
  }

  @Test
  void whatIsTakenForHtmlIsStillRead() {
    String text = Rendered.words(Rendered.page(withWords("See " + SCRIPT)).getDocumentElement());
    assertThat(text).contains("See " + SCRIPT);
  }

  @Test
  void aHeadingInsideAPassageIsNoHeadingOfTheNotice() {
    Document page = Rendered.page(withWords("Setext\n======"));
    assertThat(Rendered.all(page, "h1")).hasSize(1);
    assertThat(Rendered.all(page, "strong")).extracting(Rendered::words).contains("Setext");
  }

  @Test
  void nestingHasAnEnd() {
    for (String words :
        List.of(
            "> ".repeat(20_000) + "deep",
            "* ".repeat(5_000) + "deep",
            "*a **b ".repeat(5_000) + "c" + "** d*".repeat(5_000),
            "![".repeat(10_000) + "x" + "](y)".repeat(10_000),
            "[".repeat(10_000) + "x" + "](https://example.com)".repeat(10_000))) {
      assertHarmless(withWords(words));
    }
  }

  @Test
  void aHugeTableStaysATable() {
    String row = "| x ".repeat(60) + "|\n";
    PolicyDocument document = withWords(row + "|---".repeat(60) + "|\n" + row.repeat(300));
    assertHarmless(document);
    assertThat(Rendered.all(Rendered.page(document), "td")).hasSizeGreaterThan(18_000);
  }

  @Test
  void labelsAreText() throws Exception {
    Path directory = Path.of("..", "policies", "emeet");
    String policy = Files.readString(directory.resolve("policy.yaml"), StandardCharsets.UTF_8);
    String notice = Files.readString(directory.resolve("notice.en.md"), StandardCharsets.UTF_8);
    String calendar = Files.readString(directory.resolve("calendar.yaml"), StandardCharsets.UTF_8);
    String hostile = "\"" + SCRIPT + " | [x](javascript:y) `*_ {0} \\\\ \\\" ";
    String labels =
        Files.readString(directory.resolve("labels.en.yaml"), StandardCharsets.UTF_8)
            .replaceAll(
                "(?m)^(  ([a-z.-]+): ).*$", "$1" + Matcher.quoteReplacement(hostile) + "$2\"");
    Sound sound =
        (Sound)
            PolicyCheck.check(
                PolicySource.of(
                    policy.replace("languages: [en, zh]", "languages: [en]"),
                    Map.of("en", notice),
                    Map.of("en", labels),
                    Map.of("calendar.yaml", calendar)));
    PolicyDocument document = PolicyDocument.of(sound, "en", new ProductId("general"));

    assertHarmless(document);
    assertThat(Rendered.rows(Rendered.page(document), "annex-roles").getFirst().getFirst())
        .startsWith(SCRIPT + " | [x](javascript:y) `*_ {0} \\ \"");
    assertThat(
            Rendered.words(
                Rendered.parsed(
                        "<t>" + Commonmark.html(document.markdown()).replace("<br>", " ") + "</t>")
                    .getDocumentElement()))
        .contains(SCRIPT + " | [x](javascript:y) `*_ {0} \\ \"");
  }
}
