package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.pledge.policy.document.Coverage;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.Clause;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test marked with a clause proves it only if it fails when the clause is no longer kept. Here
 * every marked test of the decision runs without each of the rules that keep its clauses, as {@link
 * ScenarioTest} names them, and has to fail without one of them for each clause.
 */
final class ClauseEvidenceTest {
  /** That a test proves a clause. */
  private record Claim(Method test, String clause) {
    @Override
    public String toString() {
      return test.getDeclaringClass().getSimpleName() + "." + test.getName() + " proves " + clause;
    }
  }

  private static final Map<String, Set<Rule>> KEEPING = rulesByClause();
  private static final List<Claim> CLAIMS = claims();

  /** Those whose test fails without a rule that keeps the clause. */
  private static final Set<Claim> PROVED = new HashSet<>();

  private static Map<String, Set<Rule>> rulesByClause() {
    Map<String, Set<Rule>> rules = new HashMap<>();
    ScenarioTest.scenarios()
        .forEach(
            scenario ->
                rules
                    .computeIfAbsent(scenario.clause(), _ -> EnumSet.noneOf(Rule.class))
                    .add(scenario.rule()));
    rules.get("I.0").add(Rule.CONDITIONS); // of agreements; the reference policy has none
    rules.put("III.II.1", EnumSet.of(Rule.ACCEPTANCE)); // between versions; a scenario has one
    return rules;
  }

  private static List<Claim> claims() {
    String here = ClauseEvidenceTest.class.getPackageName();
    return ReflectionSupport.findAllClassesInPackage(here, _ -> true, _ -> true).stream()
        .flatMap(tests -> Stream.of(tests.getDeclaredMethods()))
        .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
        .flatMap(
            test ->
                Stream.of(test, test.getDeclaringClass())
                    .flatMap(ClauseEvidenceTest::marks)
                    .distinct()
                    .map(clause -> new Claim(test, clause)))
        .toList();
  }

  private static Stream<String> marks(AnnotatedElement marked) {
    return Stream.of(marked.getAnnotationsByType(Clause.class))
        .flatMap(mark -> Stream.of(mark.value()));
  }

  @BeforeAll
  static void runThemWithoutTheirRules() {
    for (Rule rule : Rule.values()) {
      List<Claim> open =
          CLAIMS.stream().filter(claim -> keeps(rule, claim) && !PROVED.contains(claim)).toList();
      House.without(
          rule,
          () -> {
            Set<Method> failing = failing(open);
            open.stream().filter(claim -> failing.contains(claim.test)).forEach(PROVED::add);
          });
    }
  }

  private static boolean keeps(Rule rule, Claim claim) {
    return KEEPING.getOrDefault(claim.clause, Set.of()).contains(rule);
  }

  private static Set<Method> failing(List<Claim> claims) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                claims.stream()
                    .map(Claim::test)
                    .distinct()
                    .map(test -> selectMethod(test.getDeclaringClass(), test))
                    .toList())
            .build();
    Set<Method> failing = new HashSet<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED
                    && test.getSource().orElse(null) instanceof MethodSource source) {
                  failing.add(source.getJavaMethod());
                }
              }
            });
    return failing;
  }

  @Test
  void everyTestThatProvesAClauseFailsWithoutARuleThatKeepsIt() {
    assertThat(CLAIMS).isNotEmpty();
    assertThat(CLAIMS.stream().filter(claim -> !PROVED.contains(claim))).isEmpty();
  }

  @Test
  void everyClauseADecisionKeepsHasATestThatNotices() {
    assertThat(PROVED.stream().map(Claim::clause).collect(Collectors.toSet()))
        .containsAll(KEEPING.keySet());
  }

  /** What the coverage says of the rules that keep a clause is what is proved here. */
  @Test
  void theCoverageClaimsNoOtherRules() {
    Checked.Sound reference =
        (Checked.Sound) PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet")));
    for (Coverage.Row row : Coverage.of(reference).rows()) {
      Set<String> proved =
          KEEPING.getOrDefault(row.clause().value(), Set.of()).stream()
              .map(rule -> rule.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .collect(Collectors.toSet());
      Set<String> claimed = new HashSet<>(row.keptBy());
      claimed.removeAll(Set.of("check", "render"));
      assertThat(claimed).as(row.clause().value()).isEqualTo(proved);
    }
  }
}
