package dev.pledge.engine.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Map<Parameter, List<String>> GOOD =
      Map.of(
          Parameter.CODE, List.of("31415926", "000000"),
          Parameter.ACT, List.of("reveal", "erase"),
          Parameter.NUMBER, List.of("R-7K3Q-92MX", "4711"),
          Parameter.PATH, List.of("/me", "/me/requests/R-7K3Q-92MX", "/me/export?token=aB_-9"));

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "x\r\nBcc: everybody@example.com",
          "x\nBcc: everybody@example.com",
          "x\u2028Bcc: everybody@example.com",
          "x\u0085y",
          "x\0y",
          ".",
          "\r\n.\r\n",
          "ada@example.com",
          "<script>",
          "{controller}",
          "$1",
          "a=b",
          "//evil.example",
          "https://evil.example",
          "/me@evil.example",
          "/me/../../x",
          "/me?token=",
          "/me?next=https://evil.example",
          "/me\\evil",
          "٣١٤١٥٩٢٦",
          "3".repeat(200));

  @ParameterizedTest
  @EnumSource(Parameter.class)
  void whatIsNotOfItsFormFillsNothing(Parameter parameter) {
    for (String good : GOOD.get(parameter)) {
      assertThatCode(() -> parameter.require(good)).doesNotThrowAnyException();
      for (String end : List.of("\n", "\r\n", " ", "\u0085", "\u2028", "\0")) {
        assertThatIllegalArgumentException().isThrownBy(() -> parameter.require(good + end));
        assertThatIllegalArgumentException().isThrownBy(() -> parameter.require(end + good));
      }
    }
    for (String hostile : HOSTILE) {
      assertThatIllegalArgumentException()
          .as("%s", hostile)
          .isThrownBy(() -> parameter.require(hostile))
          .withMessage("`" + parameter.word() + "` of a message is malformed");
    }
  }

  @Test
  void aMessageIsFilledWithAllThatItSaysAndNothingElse() {
    Template template = Template.CONFIRMATION_CODE;
    template.require(Map.of("code", "31415926", "act", "erase"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.require(Map.of("code", "31415926")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> template.require(Map.of("code", "31415926", "act", "erase", "path", "/me")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.require(Map.of("code", "31415926", "name", "Ada")));
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void aTemplateIsFoundByItsWord(Template template) {
    assertThat(Template.of(template.word())).isEqualTo(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"waiting", "delivered", "failed"})
  void aStateIsFoundByItsWord(String word) {
    assertThat(MessageState.of(word).orElseThrow().word()).isEqualTo(word);
    assertThat(MessageState.of(word + "s")).isEmpty();
  }
}
