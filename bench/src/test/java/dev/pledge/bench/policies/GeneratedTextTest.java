package dev.pledge.bench.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured as text is the policy that is measured as data. */
class GeneratedTextTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000})
  void readsAsThePolicyItWasWrittenFrom(int fields) {
    Policy policy = GeneratedPolicy.of(fields);

    Checked checked = PolicyCheck.check(GeneratedText.of(policy));

    assertThat(checked.problems()).isEmpty();
    assertThat(checked)
        .isInstanceOfSatisfying(
            Checked.Sound.class, sound -> assertThat(sound.policy()).isEqualTo(policy));
  }
}
