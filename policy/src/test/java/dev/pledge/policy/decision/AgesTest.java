package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.SubjectState.Age;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Up to what age somebody is a child, by whose law they live under. */
final class AgesTest {
  private static final Map<String, String> UNION = Map.of("DE", "EU", "AT", "EU");
  private static final Ages UNDER = Ages.by(Map.of("US", 13, "EU", 16, "AT", 14), UNION);

  @ParameterizedTest
  @CsvSource({"US, 13", "US-CA, 13", "EU, 16", "DE, 16", "DE-BY, 16", "AT, 14", "JP, 16", ", 16"})
  void theAgeIsThatOfThePersonsOwnLawAndTheHighestWhereThatIsNotKnown(String place, int age) {
    assertThat(UNDER.in(place)).isEqualTo(age);
  }

  @Test
  void whoIsAChildInOneJurisdictionIsNoneInAnother() {
    Minors minors =
        new Minors(
            UNDER, Ages.by(Map.of("US", 13, "EU", 0, "AT", 0), UNION), UnknownAge.MINOR, Set.of());
    LocalDate today = LocalDate.of(2026, 11, 26);
    LocalDate fifteen = today.minusYears(15);
    LocalDate twelve = today.minusYears(12);
    assertThat(minors.in("US").classOf(fifteen, today)).isEqualTo(Age.ADULT);
    assertThat(minors.in("DE").classOf(fifteen, today)).isEqualTo(Age.MINOR);
    assertThat(minors.in("AT").classOf(fifteen, today)).isEqualTo(Age.ADULT);
    assertThat(minors.in(null).classOf(fifteen, today)).isEqualTo(Age.MINOR);
    assertThat(minors.in("US").classOf(twelve, today)).isEqualTo(Age.SENSITIVE_MINOR);
    assertThat(minors.in("DE").classOf(twelve, today)).isEqualTo(Age.MINOR);
    assertThat(minors.in("JP").classOf(twelve, today)).isEqualTo(Age.SENSITIVE_MINOR);
  }

  @Test
  void oneAgeHoldsEverywhere() {
    assertThat(Ages.everywhere(18).in("US")).isEqualTo(18);
    assertThat(Ages.everywhere(18).in(null)).isEqualTo(18);
  }

  @Test
  void anAgeIsLowerWhereverSomebodyMeetsALowerOne() {
    assertThat(UNDER.isNowhereBelow(UNDER)).isTrue();
    assertThat(Ages.everywhere(16).isNowhereBelow(UNDER)).isTrue();
    assertThat(UNDER.isNowhereBelow(Ages.everywhere(16))).isFalse();
    assertThat(UNDER.isNowhereBelow(Ages.everywhere(13))).isTrue();
    Ages austriaAsTheUnion = Ages.by(Map.of("US", 13, "EU", 16), UNION);
    assertThat(austriaAsTheUnion.isNowhereBelow(UNDER)).isTrue();
    assertThat(UNDER.isNowhereBelow(austriaAsTheUnion)).isFalse();
  }

  @Test
  void theHighestIsTheHighest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ages(14, Map.of("US", 13, "EU", 16), Map.of()))
        .withMessageContaining("highest");
  }
}
