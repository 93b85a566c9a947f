package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {
  @ParameterizedTest
  @ValueSource(strings = {"CN", "DE", "XK", "US-CA", "GB-ENG", "CN-11"})
  void jurisdictionIsACountryOrAPartOfOne(String code) {
    assertThat(in(code).jurisdiction()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ZZ", "XX", "AA-1", "cn", "CHN", "C", "", "CN-", "CN-1234", "CN 11", "CN\n"})
  void anythingElseIsRefused(String code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> in(code))
        .withMessageContaining("ISO 3166");
  }

  private static Registration in(String jurisdiction) {
    return new Registration("meeting", Map.of(), null, null, List.of(), jurisdiction);
  }
}
