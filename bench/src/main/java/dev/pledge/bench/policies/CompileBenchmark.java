package dev.pledge.bench.policies;

import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
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

/** What it costs to put a policy in force: from its text to what decides, in two steps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CompileBenchmark {
  /** How many fields the policy declares; a thousand is the most that the language allows. */
  @Param({"100", "1000"})
  public int fields;

  private Policy policy = GeneratedPolicy.of(1);
  private PolicySource source = GeneratedText.of(policy);

  /** Writes a policy of that size. */
  @Setup
  public void write() {
    policy = GeneratedPolicy.of(fields);
    source = GeneratedText.of(policy);
    if (!(check() instanceof Checked.Sound sound && sound.policy().equals(policy))) {
      throw new IllegalStateException("the text measured is not the policy meant");
    }
  }

  /** Reads the files and finds everything that is wrong with them, which is nothing. */
  @Benchmark
  public Checked check() {
    return PolicyCheck.check(source);
  }

  /** Makes what was read ready to decide. */
  @Benchmark
  public Policies compile() {
    return Policies.of(List.of(policy));
  }
}
