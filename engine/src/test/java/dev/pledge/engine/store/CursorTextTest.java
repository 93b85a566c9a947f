package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTextTest {
  @Test
  void numbersAreReadFromTheirText() {
    assertThat(CursorText.numbers(CursorText.of(0, -1, Long.MAX_VALUE), 3))
        .containsExactly(0, -1, Long.MAX_VALUE);
    assertThat(CursorText.number(CursorText.of(7))).isEqualTo(7);
    assertThat(CursorText.of(1)).isEqualTo("AAAAAAAAAAE");
  }

  @Test
  void asManyNumbersAreReadAsThereShouldBe() {
    for (int count : new int[] {0, 1, 3}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CursorText.numbers(CursorText.of(1, 2), count));
    }
  }

  @Test
  void aPlaceIsNotNegative() {
    assertThatIllegalArgumentException().isThrownBy(() -> CursorText.number(CursorText.of(-1)));
  }

  /** Too short, too long, padded, stray bits at the end, the other alphabet, and no base64. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAAA",
        "AAAAAAAAAAAAAAA",
        "AAAAAAAAAAE=",
        "AAAAAAAAAAF",
        "AAAAAAAAA/8",
        "a b",
        "AAAAAAAAA\n"
      })
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CursorText.number(text))
        .withMessageContaining("use the one the last page gave");
  }
}
