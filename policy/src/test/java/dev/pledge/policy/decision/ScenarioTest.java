package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.Clause;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clause by clause, one situation that comes out as promised, and otherwise as soon as the rule
 * that keeps the clause is taken away: so that no rule is idle and no clause is kept by accident.
 */
final class ScenarioTest {
  private static final List<String> CLAUSES =
      List.of(
          "0.1", "I.0", "I.1", "I.2", "I.3", "I.4", "I.5", "II.I.1", "II.I.2", "II.I.3", "II.I.4",
          "II.I.5", "II.I.6", "II.I.7", "II.I.8", "II.I.9", "II.II.1", "II.II.2", "II.II.3",
          "II.II.5", "II.II.6", "IV.1", "IV.3", "IV.4", "V.1", "V.2", "VI.1", "VI.4", "IX.2");

  private static final String EARLIER_THIS_MONTH = "2026-11-01T00:00:00Z";

  /**
   * @param collectedBy the product that collected the value looked at, or null where none is
   * @param expected what becomes of the first asked field, or of the value
   */
  record Scenario(
      String name,
      Rule rule,
      String clause,
      Question question,
      Person person,
      String collectedBy,
      String collectedAt,
      String expected) {

    String outcome(Policies policies) {
      Decision decision = policies.decide(question, person.state());
      return collectedBy == null
          ? Outcome.of(decision).getFirst()
          : Outcome.ofValue(decision, collectedBy, Instant.parse(collectedAt));
    }

    /** What becomes of a value instead, collected by a product at a time. */
    Scenario of(String product, String at, String expected) {
      return new Scenario(name, rule, clause, question, person, product, at, expected);
    }

    @Override
    public String toString() {
      return clause + " " + name;
    }
  }

  private static Scenario scenario(
      String name, Rule rule, String clause, Question question, Person person, String expected) {
    return new Scenario(name, rule, clause, question, person, null, null, expected);
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(
        scenario(
            "a stranger to the policy is left alone",
            Rule.ACCEPTANCE,
            "0.1",
            read(backend(), "settings", "device.language"),
            Person.member().notAccepted(),
            "not-accepted"),
        scenario(
            "a source the policy does not name",
            Rule.DECLARED,
            "I.0",
            from("data-broker", "identity.name"),
            Person.member(),
            "unknown-source"),
        scenario(
            "a third party beyond its agreement",
            Rule.CONDITIONS,
            "I.0",
            from("registry", "contact.email"),
            Person.member(),
            "no-agreement"),
        scenario(
            "personal information before acceptance",
            Rule.ACCEPTANCE,
            "I.1",
            collect(backend(), "identity.name"),
            Person.member().notAccepted(),
            "not-accepted"),
        scenario(
            "sensitive information without explicit consent",
            Rule.CONSENT,
            "I.1",
            collect(backend(), "identity.id-number"),
            Person.member(),
            "sensitive-consent-missing"),
        scenario(
            "a device identifier for a purpose that needs the language",
            Rule.PURPOSE,
            "I.2",
            read(backend(), "settings", "device.id"),
            Person.member(),
            "not-listed"),
        scenario(
            "a position while location is off",
            Rule.CONDITIONS,
            "I.3",
            from(CompiledPolicy.PRODUCT_USE, "location.position"),
            Person.member(),
            "condition-missing"),
        scenario(
                "a log line past its term",
                Rule.RETENTION,
                "I.4",
                read(backend(), "security", "log.line"),
                Person.member(),
                "expired")
            .of("meeting", "2026-05-22T10:00:00Z", "expired"),
        scenario(
            "information nobody declared",
            Rule.DECLARED,
            "I.5",
            collect(backend(), "identity.shoe-size"),
            Person.member(),
            "unknown-field"),
        scenario(
            "customer service looks into the log",
            Rule.PURPOSE,
            "II.I.1",
            read(agent(), "customer-service", "log.line"),
            Person.member(),
            "not-listed"),
        scenario(
            "recommendations to someone who refused them",
            Rule.CONSENT,
            "II.I.2",
            read(backend(), "recommendation", "device.language"),
            Person.member().withdraws("recommendation"),
            "consent-withdrawn"),
        scenario(
            "products are improved on de-identified data",
            Rule.VIEW,
            "II.I.3",
            read(analyst(), "improvement", "log.line"),
            Person.member().grants("improvement"),
            "de-identified"),
        scenario(
            "counting someone who has not joined the programme",
            Rule.CONSENT,
            "II.I.4",
            read(analyst(), "improvement", "log.line"),
            Person.member(),
            "consent-missing"),
        scenario(
            "promotion over a channel that was refused",
            Rule.CONSENT,
            "II.I.5",
            read(backend(), "promotion", "contact.email").over("email"),
            Person.member().withdraws("promotion", null, "email"),
            "consent-withdrawn"),
        scenario(
            "promotion to the dead",
            Rule.STANDING,
            "II.I.5",
            read(backend(), "promotion", "contact.email").over("email"),
            Person.member().is(Status.DECEASED),
            "deceased"),
        scenario(
            "certification of software looks at a name",
            Rule.PURPOSE,
            "II.I.6",
            read(backend(), "certification", "identity.name"),
            Person.member(),
            "not-listed"),
        scenario(
            "an exception nobody approved",
            Rule.CONSENT,
            "II.I.7",
            read(investigator(), "court-order", "identity.name"),
            Person.member(),
            "exception-without-order"),
        scenario(
            "a field the order does not name",
            Rule.CONSENT,
            "II.I.7",
            read(investigator(), "court-order", "identity.name").under(order("contact.email")),
            Person.member(),
            "not-in-order"),
        scenario(
            "a purpose nobody declared",
            Rule.DECLARED,
            "II.I.8",
            read(backend(), "profiling", "contact.email"),
            Person.member(),
            "unknown-purpose"),
        scenario(
                "another product's data",
                Rule.POOLING,
                "II.I.9",
                read(backend(), "customer-service", "device.model"),
                Person.member().joined("notes"),
                "not-pooled")
            .of("notes", EARLIER_THIS_MONTH, "not-pooled"),
        scenario(
            "no purpose, no data",
            Rule.PURPOSE,
            "II.II.1",
            read(backend(), "settings", "contact.email"),
            Person.member(),
            "not-listed"),
        scenario(
            "a direct identifier among de-identified data",
            Rule.VIEW,
            "II.II.2",
            read(analyst(), "improvement", "device.id"),
            Person.member().grants("improvement"),
            "direct-identifier"),
        scenario(
            "use after the account was closed",
            Rule.STANDING,
            "II.II.3",
            read(backend(), "settings", "device.language"),
            Person.stranger().closed("meeting", EARLIER_THIS_MONTH),
            "account-closed"),
        scenario(
            "use of an erased person's data",
            Rule.STANDING,
            "II.II.3",
            read(backend(), "archive", "contact.email"),
            Person.member().is(Status.ERASED),
            "erased"),
        scenario(
                "a closed product's data used by another",
                Rule.STANDING,
                "II.II.3",
                read(backend(), "customer-service", "device.model"),
                Person.member()
                    .grants(CompiledPolicy.POOLING, "notes", null)
                    .closed("notes", "2026-11-20T00:00:00Z"),
                "account-closed")
            .of("notes", EARLIER_THIS_MONTH, "account-closed"),
        scenario(
            "support sees a mask",
            Rule.VIEW,
            "II.II.5",
            read(agent(), "customer-service", "contact.phone"),
            Person.member(),
            "masked"),
        scenario(
            "a new purpose without prior consent",
            Rule.CONSENT,
            "II.II.6",
            read(backend(), "partner-promotion", "contact.email").over("email"),
            Person.member().grants("partner-promotion", "meeting", "sms"),
            "consent-missing"),
        scenario(
                "a value kept too long",
                Rule.RETENTION,
                "IV.1",
                read(backend(), "archive", "contact.email"),
                Person.stranger().closed("meeting", EARLIER_THIS_MONTH),
                "expired")
            .of("meeting", "2020-05-01T00:00:00Z", "expired"),
        scenario(
            "someone whose job does not need it",
            Rule.NEED_TO_KNOW,
            "IV.3",
            read(analyst(), "customer-service", "contact.email"),
            Person.member(),
            "no-role"),
        scenario(
            "someone who signed no undertaking",
            Rule.NEED_TO_KNOW,
            "IV.3",
            read(unsignedAgent(), "customer-service", "contact.email"),
            Person.member(),
            "no-undertaking"),
        scenario(
            "information the purpose has nothing to do with",
            Rule.PURPOSE,
            "IV.4",
            read(backend(), "settings", "location.position"),
            Person.member(),
            "not-listed"),
        scenario(
            "a person looks at their own data",
            Rule.SELF,
            "V.1",
            read(themselves(), null, "identity.name"),
            Person.member().notAccepted(),
            "masked"),
        scenario(
            "use after consent was withdrawn",
            Rule.CONSENT,
            "V.2",
            read(analyst(), "improvement", "log.line"),
            Person.member().grants("improvement").withdraws("improvement"),
            "consent-withdrawn"),
        scenario(
            "a child without a guardian's consent",
            Rule.GUARDIAN,
            "VI.1",
            read(backend(), "customer-service", "contact.email"),
            Person.member().aged(Age.MINOR),
            "guardian-missing"),
        scenario(
            "a child's own consent",
            Rule.GUARDIAN,
            "VI.1",
            collect(backend(), "identity.name"),
            Person.member().aged(Age.MINOR).grants("customer-service"),
            "guardian-missing"),
        scenario(
            "a young child's data is sensitive",
            Rule.CONSENT,
            "VI.4",
            read(backend(), "customer-service", "contact.email"),
            Person.member().aged(Age.SENSITIVE_MINOR).guardianGrants("customer-service"),
            "sensitive-consent-missing"),
        scenario(
            "a young child's data is masked from staff",
            Rule.VIEW,
            "VI.4",
            read(
                asker("kim", Asker.Kind.STAFF, "product-backend"),
                "customer-service",
                "contact.email"),
            Person.member()
                .aged(Age.SENSITIVE_MINOR)
                .guardianGrants("customer-service")
                .guardianGrantsSensitive("customer-service"),
            "masked"),
        scenario(
            "a policy that is not in force yet",
            Rule.DECLARED,
            "IX.2",
            read(backend(), "settings", "device.language"),
            Person.member().at("2020-04-22T00:00:00Z"),
            "not-in-force"));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void comesOutAsPromised(Scenario scenario) {
    assertThat(scenario.outcome(policies())).isEqualTo(scenario.expected());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void comesOutOtherwiseWithoutItsRule(Scenario scenario) {
    assertThat(scenario.outcome(policies().without(scenario.rule())))
        .isNotEqualTo(scenario.expected());
  }

  @ParameterizedTest
  @EnumSource
  void noRuleIsIdle(Rule rule) {
    Policies without = policies().without(rule);
    assertThat(scenarios())
        .anyMatch(scenario -> !scenario.outcome(without).equals(scenario.expected()));
  }

  @Test
  void everyClauseHasItsScenario() {
    assertThat(scenarios().map(Scenario::clause).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(CLAUSES);
  }

  /** The clauses are also those that the tests of the rules are marked with, and none besides. */
  @Test
  void everyClauseHasItsTest() {
    Set<String> marked = new TreeSet<>();
    for (Class<?> tests :
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
            ViewTest.class)) {
      for (var test : tests.getDeclaredMethods()) {
        Clause clause = test.getAnnotation(Clause.class);
        if (clause != null) {
          marked.addAll(Arrays.asList(clause.value()));
        }
      }
    }
    assertThat(marked).containsExactlyInAnyOrderElementsOf(CLAUSES);
  }

  /** Whoever refuses says which clause it keeps, and the clause is one of those promised. */
  @ParameterizedTest
  @EnumSource
  void everyReasonNamesAClauseAndWords(Reason reason) {
    assertThat(reason.clause()).matches("[0-9IVX]+(\\.[0-9IVX]+)*");
    assertThat(reason.sentence(Locale.ENGLISH)).endsWith(".").doesNotContain("!");
    assertThat(reason.sentence(Locale.CHINESE)).endsWith("。");
    assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
  }

  private static Question from(String source, String field) {
    return Question.collect(backend(), "meeting", source, Set.of(), List.of(field));
  }
}
