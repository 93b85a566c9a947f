package dev.pledge.bench.comparison;

import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import java.util.List;

/** Pledge: one question for all fields, names and history of choices as they come. */
final class PledgeEngine implements Engine {
  private final Policies policies;

  PledgeEngine(Policy policy) {
    this.policies = Policies.of(List.of(policy));
  }

  @Override
  public String name() {
    return "Pledge";
  }

  @Override
  public Prepared prepare(Question question, SubjectState state) {
    return () -> {
      Decision decision = policies.decide(question, state);
      boolean[] opens = new boolean[question.fields().size()];
      for (int i = 0; i < opens.length; i++) {
        opens[i] = decision.view(i) != null;
      }
      return opens;
    };
  }
}
