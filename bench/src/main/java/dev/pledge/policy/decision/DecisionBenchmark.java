package dev.pledge.policy.decision;

import dev.pledge.engine.consent.ChoiceLines;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision costs as a policy grows: a read of twenty fields (of ten where there are no more)
 * for a purpose that rests on consent, about a person with five choices. Lies in the package of
 * what it measures, whose steps are not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DecisionBenchmark {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final ProductId SHOP = new ProductId("shop");

  /** How many fields the policy declares. */
  @Param({"10", "1000", "3000"})
  public int fields;

  private Policies policies = Policies.of(List.of(GeneratedPolicy.of(1)));
  private CompiledPolicy policy = policies.versions().getFirst();
  private Question question = question(1);
  private Resolved resolved = policy.resolve(question);
  private SubjectState state = state();
  private String lines = "";

  /** Compiles a policy of that size. */
  @Setup
  public void compile() {
    policies = Policies.of(List.of(GeneratedPolicy.of(fields)));
    policy = policies.versions().getFirst();
    question = question(fields);
    resolved = policy.resolve(question);
    state = state();
    lines = ChoiceLines.write(state.choices());
    if (!(policies.decide(question, state) instanceof Permit permit)
        || permit.view(0) == null
        || (fields > 9 && permit.view(9) != null)) {
      throw new IllegalStateException("the decision measured is not the one meant");
    }
  }

  private static Question question(int fields) {
    Asker asker =
        new Asker(
            new ActorId("backend"),
            Asker.Kind.SERVICE,
            Set.of(new RoleId("role-0"), new RoleId("role-1")),
            Set.of(SHOP),
            Set.of(),
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            Asker.Reviews.IN_TIME);
    return Question.read(asker, GeneratedPolicy.purpose(), "shop", GeneratedPolicy.asked(fields));
  }

  private static SubjectState state() {
    List<Choice> choices = new ArrayList<>();
    for (int i = 4; i >= 0; i--) {
      choices.add(
          new Choice(
              "purpose-" + i,
              SHOP,
              null,
              Coverage.ORDINARY,
              Answer.GRANTED,
              By.SELF,
              GeneratedPolicy.VERSION,
              5 - i,
              new UUID(1, i)));
    }
    return new SubjectState(
        new SubjectId(new UUID(0x7000, Long.MIN_VALUE)),
        7,
        NOW,
        Status.ACTIVE,
        List.of(new Membership(SHOP, null)),
        Optional.of(GeneratedPolicy.VERSION),
        Age.ADULT,
        choices,
        Set.of());
  }

  /** The decision alone: names are resolved already. */
  @Benchmark
  public Decision decide() {
    return policy.decide(resolved, state, true, List.of());
  }

  /** Everything that does not depend on the person. */
  @Benchmark
  public Object resolve() {
    return policy.resolve(question);
  }

  /** Both, as the gate asks. */
  @Benchmark
  public Decision resolveAndDecide() {
    return policies.decide(question, state);
  }

  /** A person's five choices out of their stored form. */
  @Benchmark
  public Object decodeChoices() {
    return ChoiceLines.read(lines);
  }
}
