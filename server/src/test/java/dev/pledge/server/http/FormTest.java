package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/* | JSON",
        "application/* | JSON",
        "text/* | HTML",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | HTML",
        "text/markdown | MARKDOWN",
        "Text/Markdown; charset=utf-8 | MARKDOWN",
        "text/html;q=0.5, text/markdown;q=0.7, application/json;q=0.1 | MARKDOWN",
        "application/json;q=0.9, text/html | HTML",
        "text/*, text/html;q=0 | MARKDOWN",
        "*/*, application/json;q=0 | HTML",
        "text/markdown, application/json | JSON",
      })
  void theFormAClientLikesBestIsChosen(String accept, Form form) {
    assertThat(Form.preferred(accept)).contains(form);
  }

  @Test
  void whoTakesNoneGetsNone() {
    assertThat(List.of("image/png", "*/*;q=0", "", ",;,", "text/html;q=0.000"))
        .allSatisfy(accept -> assertThat(Form.preferred(accept)).isEmpty());
  }

  @Test
  void theLanguageThatFitsBestIsChosenOfThosePolicyHas() {
    List<String> languages = List.of("de", "zh-TW");
    assertThat(Languages.preferred("en, de-AT;q=0.5", languages)).contains("de");
    assertThat(Languages.preferred("zh;q=0.9, fr", languages)).contains("zh-TW");
    assertThat(List.of("fr", "", "~~", "x".repeat(300)))
        .allSatisfy(none -> assertThat(Languages.preferred(none, languages)).isEmpty());
    assertThat(Languages.preferred(null, languages)).isEqualTo(Optional.empty());
  }
}
