package dev.pledge.bench.comparison;

import dev.pledge.bench.policies.GeneratedPolicy;
import dev.pledge.bench.policies.GeneratedQuestion;
import dev.pledge.policy.decision.Policy;
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
 * Which of twenty fields of one person an asker sees for a purpose (of ten where there are no
 * more), asked of three engines that hold the same policy and were found to agree.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ComparisonBenchmark {
  private static final int QUESTIONS = 100;
  private static final long SEED = 57;

  /** How many fields the policy declares. */
  @Param({"10", "1000", "3000"})
  public int fields;

  private Engine.Prepared pledge = () -> new boolean[0];
  private Engine.Prepared cedar = pledge;
  private Engine.Prepared casbin = pledge;

  /** Hands each engine a policy of that size, and does not go on unless they agree. */
  @Setup
  public void agree() {
    Policy policy = GeneratedPolicy.of(fields);
    Engine first = new PledgeEngine(policy);
    Engine second = new CedarEngine(policy);
    Engine third = new CasbinEngine(policy);
    List<Engine> all = List.of(first, second, third);
    GeneratedQuestion asked = GeneratedQuestion.of(fields);
    Agreement.check(all, asked);
    Agreement.check(all, fields, QUESTIONS, SEED, _ -> {});
    pledge = first.prepare(asked.question(), asked.state());
    cedar = second.prepare(asked.question(), asked.state());
    casbin = third.prepare(asked.question(), asked.state());
  }

  /** Pledge, names as the caller wrote them. */
  @Benchmark
  public boolean[] pledge() {
    return pledge.opens();
  }

  /** Cedar. */
  @Benchmark
  public boolean[] cedar() {
    return cedar.opens();
  }

  /** The Java edition of Casbin. */
  @Benchmark
  public boolean[] casbin() {
    return casbin.opens();
  }
}
