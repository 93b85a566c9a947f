package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.policy.names.Clause;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What clients are told of failures. */
@Clause("IV.4")
class FailuresTest {
  @Test
  void keysThatCannotBeUsedAreAProblemOfTheirOwnThatPasses() {
    Problem problem = Failures.problem(new KeysUnavailable("the keys of `vault` are locked"));
    assertThat(problem.type().uri()).isEqualTo("urn:pledge:problem:keys-unavailable");
    assertThat(problem.type().status()).isEqualTo(503);
    assertThat(problem.retryAfter()).hasValue(Duration.ofSeconds(5));
    assertThat(problem.json(Locale.ENGLISH).toString()).doesNotContain("vault");
  }
}
