package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.pledge.policy.names.Clause;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test marked with a clause proves it only if it fails when the clause is no longer kept. Here
 * every such test of the decision runs without each of the rules in turn, until it has failed.
 */
final class ClauseEvidenceTest {
  private static final List<Class<?>> TESTS =
      List.of(
          SelfTest.class,
          DeclaredTest.class,
          NeedToKnowTest.class,
          StandingTest.class,
          AcceptanceTest.class,
          GuardianTest.class,
          PurposeTest.class,
          ConsentTest.class,
          MeaningTest.class,
          PoolingTest.class,
          ConditionsTest.class,
          RetentionTest.class,
          ViewTest.class);

  private static final List<Method> MARKED =
      TESTS.stream()
          .flatMap(tests -> Stream.of(tests.getDeclaredMethods()))
          .filter(method -> method.isAnnotationPresent(Clause.class))
          .toList();

  /** The marked tests that fail without some rule, as `class.method`. */
  private static final Set<String> NOTICED = new HashSet<>();

  @BeforeAll
  static void runThemWithoutEachRule() {
    for (Rule rule : Rule.values()) {
      House.without(rule, () -> NOTICED.addAll(failing()));
    }
  }

  private static Set<String> failing() {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                MARKED.stream()
                    .filter(method -> !NOTICED.contains(name(method)))
                    .map(method -> selectMethod(method.getDeclaringClass(), method))
                    .toList())
            .build();
    Set<String> failing = new HashSet<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED
                    && test.getSource().orElse(null) instanceof MethodSource source) {
                  failing.add(name(source.getJavaMethod()));
                }
              }
            });
    return failing;
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  @Test
  void everyTestThatProvesAClauseFailsWithoutSomeRule() {
    assertThat(
            MARKED.stream().map(ClauseEvidenceTest::name).filter(name -> !NOTICED.contains(name)))
        .isEmpty();
  }

  @Test
  void everyClauseADecisionKeepsHasATestThatNotices() {
    Set<String> clauses = new TreeSet<>();
    for (Method method : MARKED) {
      if (NOTICED.contains(name(method))) {
        clauses.addAll(Set.of(method.getAnnotation(Clause.class).value()));
      }
    }
    assertThat(clauses)
        .containsAll(ScenarioTest.scenarios().map(ScenarioTest.Scenario::clause).toList());
  }
}
