package dev.pledge.bench.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.bench.policies.GeneratedPolicy;
import dev.pledge.bench.policies.GeneratedQuestion;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The engines that are measured side by side answer alike, to questions that try everything. */
class AgreementTest {
  private static final int FIELDS = 30;
  private static final int QUESTIONS = 300;
  private static final long SEED = 20260601;

  private final Policy policy = GeneratedPolicy.of(FIELDS);

  @Test
  void allEnginesOpenTheSameFields() {
    List<Engine> engines =
        List.of(new PledgeEngine(policy), new CedarEngine(policy), new CasbinEngine(policy));

    Agreement.check(engines, GeneratedQuestion.of(FIELDS));
    Agreement.check(engines, FIELDS, QUESTIONS, SEED, _ -> {});
  }

  @Test
  void whatIsAskedIsDecidedByEachThingTheyHaveInCommon() {
    Policies policies = Policies.of(List.of(policy));
    Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
    int[] opened = {0};

    Agreement.check(
        List.of(new PledgeEngine(policy)),
        FIELDS,
        QUESTIONS,
        SEED,
        asked -> {
          Decision decision = policies.decide(asked.question(), asked.state());
          for (int i = 0; i < asked.question().fields().size(); i++) {
            Reason reason = decision.reason(i);
            if (reason == null) {
              opened[0]++;
            } else {
              refused.merge(reason, 1, Integer::sum);
            }
          }
        });

    assertThat(opened[0]).isGreaterThan(500);
    assertThat(refused)
        .containsOnlyKeys(
            Reason.UNKNOWN_PRODUCT,
            Reason.UNKNOWN_PURPOSE,
            Reason.UNKNOWN_FIELD,
            Reason.OTHER_PRODUCT,
            Reason.NO_ROLE,
            Reason.NOT_A_MEMBER,
            Reason.ACCOUNT_CLOSED,
            Reason.NOT_LISTED,
            Reason.CONSENT_MISSING,
            Reason.CONSENT_WITHDRAWN,
            Reason.SENSITIVE_CONSENT_MISSING,
            Reason.SENSITIVE_CONSENT_WITHDRAWN);
    assertThat(refused.values()).allMatch(count -> count >= 5);
  }

  @Test
  void enginesThatDifferAreNotCompared() {
    Engine opensAll =
        new Engine() {
          @Override
          public String name() {
            return "yes";
          }

          @Override
          public Prepared prepare(Question question, SubjectState state) {
            boolean[] opens = new boolean[question.fields().size()];
            Arrays.fill(opens, true);
            return () -> opens;
          }
        };

    assertThatThrownBy(
            () ->
                Agreement.check(
                    List.of(new PledgeEngine(policy), opensAll), GeneratedQuestion.of(FIELDS)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two engines disagree");
  }
}
