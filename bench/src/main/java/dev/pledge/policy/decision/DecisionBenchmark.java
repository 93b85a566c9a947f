package dev.pledge.policy.decision;

import dev.pledge.bench.policies.GeneratedPolicy;
import dev.pledge.bench.policies.GeneratedQuestion;
import dev.pledge.engine.consent.ChoiceLines;
import java.util.List;
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
  /** How many fields the policy declares. */
  @Param({"10", "1000", "3000"})
  public int fields;

  private Policies policies = Policies.of(List.of(GeneratedPolicy.of(1)));
  private CompiledPolicy policy = policies.versions().getFirst();
  private GeneratedQuestion asked = GeneratedQuestion.of(1);
  private Resolved resolved = policy.resolve(asked.question());
  private String lines = "";

  /** Compiles a policy of that size. */
  @Setup
  public void compile() {
    policies = Policies.of(List.of(GeneratedPolicy.of(fields)));
    policy = policies.versions().getFirst();
    asked = GeneratedQuestion.of(fields);
    resolved = policy.resolve(asked.question());
    lines = ChoiceLines.write(asked.state().choices());
    if (!(resolveAndDecide() instanceof Permit permit)
        || permit.view(0) == null
        || permit.view(9) != null) {
      throw new IllegalStateException("the decision measured is not the one meant");
    }
  }

  /** The decision alone: names are resolved already. */
  @Benchmark
  public Decision decide() {
    return policy.decide(resolved, asked.state(), true, List.of(), EarlierTerms.NONE);
  }

  /** Everything that does not depend on the person. */
  @Benchmark
  public Object resolve() {
    return policy.resolve(asked.question());
  }

  /** Both, as the gate asks. */
  @Benchmark
  public Decision resolveAndDecide() {
    return policies.decide(asked.question(), asked.state());
  }

  /** A person's five choices out of their stored form. */
  @Benchmark
  public Object decodeChoices() {
    return ChoiceLines.read(lines);
  }
}
