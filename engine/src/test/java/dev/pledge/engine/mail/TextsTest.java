package dev.pledge.engine.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.message.Parameter;
import dev.pledge.engine.message.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.CHINESE);
  private static final String CONTROLLER = "Example Ltd.";

  private final Texts texts = new Texts("https://privacy.example.org");

  private static Map<String, String> filling(Template template) {
    Map<String, String> filling = new HashMap<>();
    for (Parameter parameter : template.parameters()) {
      filling.put(
          parameter.word(),
          switch (parameter) {
            case CODE -> "31415926";
            case ACT -> "erase";
            case NUMBER -> "R-7K3Q-92MX";
            case PATH -> "/me/requests";
          });
    }
    return filling;
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void everyTextSaysAllThatFillsItInBothLanguages(Template template) {
    Set<String> subjects = new HashSet<>();
    for (Locale language : LANGUAGES) {
      Texts.Text text = texts.write(template, language, filling(template), CONTROLLER);
      subjects.add(text.subject());
      assertThat(text.subject()).isNotBlank().doesNotContain("\n", "{", "31415926");
      assertThat(text.body()).doesNotContain("{", "}").contains(CONTROLLER);
      template
          .parameters()
          .forEach(
              parameter ->
                  assertThat(text.body() + text.subject())
                      .contains(
                          switch (parameter) {
                            case CODE -> "31415926";
                            case ACT ->
                                language.equals(Locale.ENGLISH) ? "have your data" : "删除您的信息";
                            case NUMBER -> "R-7K3Q-92MX";
                            case PATH -> "https://privacy.example.org/me/requests\n";
                          }));
    }
    assertThat(subjects).hasSize(LANGUAGES.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reveal", "correct", "export", "restrict", "object", "close", "erase"})
  void everyActHasItsOwnWords(String act) {
    for (Locale language : LANGUAGES) {
      String body =
          texts
              .write(
                  Template.CONFIRMATION_CODE,
                  language,
                  Map.of("code", "31415926", "act", act),
                  CONTROLLER)
              .body();
      assertThat(body).doesNotContain(act + ":", "{");
    }
  }

  @Test
  void whatFillsATextIsTakenAsItIs() {
    Texts.Text text =
        texts.write(
            Template.SIGN_IN_CODE, Locale.ENGLISH, Map.of("code", "31415926"), "A $1 \\ {code} B");
    assertThat(text.body()).endsWith("A $1 \\ {code} B\n");
  }

  /** Letters are read on telephones, and lines of mail are short. */
  @Test
  void linesAreShortAndNoFileIsLeftOver() throws IOException {
    Set<String> expected = new HashSet<>(Set.of("acts.en.txt", "acts.zh.txt"));
    for (Template template : Template.values()) {
      LANGUAGES.forEach(
          language -> expected.add(template.word() + "." + language.getLanguage() + ".txt"));
    }
    Path directory = Path.of("src/main/resources/dev/pledge/engine/mail");
    try (Stream<Path> files =
        Files.list(Files.exists(directory) ? directory : Path.of("engine").resolve(directory))) {
      for (Path file : files.toList()) {
        assertThat(expected.remove(file.getFileName().toString())).as("%s", file).isTrue();
        assertThat(Files.readString(file).lines()).allMatch(line -> line.length() <= 80);
      }
    }
    assertThat(expected).isEmpty();
  }
}
