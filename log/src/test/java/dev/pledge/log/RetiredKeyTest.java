package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key of a log's past, as it is handed on. */
class RetiredKeyTest {
  private static final VerifierKey KEY =
      new NoteSigner("example.com/log", new byte[32]).verifierKey();

  @Test
  void itsTextIsTheKeyAndUntilWhenItSigned() {
    RetiredKey key = new RetiredKey(KEY, Instant.parse("2026-04-23T10:15:30.123Z"));
    assertThat(key).hasToString(KEY + " 2026-04-23T10:15:30.123Z");
    assertThat(RetiredKey.parse(key.toString())).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%s", "%s ", "%s yesterday", "%s  2026-04-23T10:15:30Z", " 2026"})
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetiredKey.parse(text.replace("%s", KEY.toString())));
  }
}
