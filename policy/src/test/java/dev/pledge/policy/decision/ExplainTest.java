package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Explanation.OfField;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Explanation.Outcome;
import dev.pledge.policy.decision.Explanation.Step;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is explained is what is decided, with every rule that stands in the way. */
final class ExplainTest {
  @Test
  void theVersionsWithoutSomeRulesAreCompiledOnceAndNotAllKept() {
    Policies policies = policies();
    Policies first = policies.without(Set.of(Rule.CONSENT, Rule.PURPOSE));
    assertThat(policies.without(EnumSet.of(Rule.PURPOSE, Rule.CONSENT))).isSameAs(first);
    List<Rule> rules = List.of(Rule.values());
    for (int i = 0; i < Lacking.MOST; i++) {
      Set<Rule> some = EnumSet.of(Rule.VIEW);
      for (int bit = 0; bit < 6; bit++) {
        if ((i + 1 & 1 << bit) != 0) {
          some.add(rules.get(bit));
        }
      }
      policies.without(some);
    }
    assertThat(policies.without(Set.of(Rule.CONSENT, Rule.PURPOSE))).isNotSameAs(first);
  }

  private static final long SEED = Long.getLong("pledge.seed", 20_261_126L);

  @Test
  void everyRuleThatWouldRefuseIsNamed() {
    Person child = Person.stranger().joined("meeting").aged(Age.MINOR).notAccepted();
    OfField email = first(read(agent(), "improvement", "contact.email"), child);
    assertThat(refusing(email))
        .containsEntry(Rule.NEED_TO_KNOW, "no-role")
        .containsEntry(Rule.ACCEPTANCE, "not-accepted")
        .containsEntry(Rule.GUARDIAN, "guardian-missing")
        .containsEntry(Rule.PURPOSE, "not-listed")
        .containsEntry(Rule.CONSENT, "consent-missing")
        .hasSize(5);
    assertThat(email.refused()).isEqualTo(Reason.NO_ROLE);
    assertThat(decisive(email).map(Step::rule)).containsExactly(Rule.NEED_TO_KNOW);
    assertThat(outcome(email, Rule.VIEW)).isEqualTo(Outcome.NOT_TRIED);
  }

  @Test
  void aPermittedReadPassesEveryRuleThatApplies() {
    Explanation explanation =
        explain(
            read(agent(), "customer-service", "contact.email"), Person.member().state(), Map.of());
    OfField email = explanation.fields().getFirst();
    assertThat(email.refused()).isNull();
    assertThat(email.view()).isEqualTo(View.MASKED);
    assertThat(email.purpose()).hasToString("customer-service");
    assertThat(explanation.counted()).containsExactly(new RoleId("support-agent"));
    assertThat(email.steps()).extracting(Step::rule).containsExactly(Rule.values());
    assertThat(email.steps())
        .extracting(Step::outcome)
        .containsExactly(
            Outcome.DOES_NOT_APPLY, // SELF
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.OF_EACH_VALUE, // POOLING
            Outcome.DOES_NOT_APPLY, // CONDITIONS
            Outcome.OF_EACH_VALUE, // RETENTION
            Outcome.PASSED);
  }

  @Test
  void valuesAreExplainedWhereTheirOriginIsKnown() {
    Question question = read(backend(), "customer-service", "device.model");
    Person person = Person.member().joined("notes");
    Origin old = new Origin(new ProductId("notes"), Instant.parse("2020-01-01T00:00:00Z"));
    OfField model =
        explain(question, person.state(), Map.of("device.model", old)).fields().getFirst();
    assertThat(refusing(model)).containsExactly(Map.entry(Rule.POOLING, "not-pooled"));
    assertThat(model.refused()).isEqualTo(Reason.NOT_POOLED);
    assertThat(model.view()).isNull();
    assertThat(outcome(model, Rule.RETENTION)).isEqualTo(Outcome.PASSED);
  }

  @Test
  void theOtherValueRulesAreTriedToo() {
    Question question = read(backend(), "recommendation", "location.position");
    Origin old = new Origin(new ProductId("notes"), Instant.parse("2020-01-01T00:00:00Z"));
    Person person = Person.member().joined("notes").grantsSensitive("recommendation");
    OfField position =
        explain(question, person.state(), Map.of("location.position", old)).fields().getFirst();
    assertThat(refusing(position))
        .containsExactly(
            Map.entry(Rule.POOLING, "not-pooled"), Map.entry(Rule.RETENTION, "expired"));
  }

  @Test
  void whatIsNotDeclaredLeavesNothingToTry() {
    OfField none = first(read(agent(), "customer-service", "contact.emial"), Person.member());
    assertThat(refusing(none)).containsExactly(Map.entry(Rule.DECLARED, "unknown-field"));
    assertThat(outcome(none, Rule.NEED_TO_KNOW)).isEqualTo(Outcome.NOT_TRIED);
    OfField purpose = first(read(agent(), "spying", "contact.email"), Person.member());
    assertThat(refusing(purpose)).containsExactly(Map.entry(Rule.DECLARED, "unknown-purpose"));
  }

  @Test
  void ofARightOnlyWhatBelongsToItIsAsked() {
    OfField email = first(read(themselves(), null, "contact.email"), Person.stranger());
    assertThat(email.view()).isEqualTo(View.MASKED);
    assertThat(outcome(email, Rule.SELF)).isEqualTo(Outcome.PASSED);
    assertThat(outcome(email, Rule.CONSENT)).isEqualTo(Outcome.DOES_NOT_APPLY);
    OfField guardians = first(read(themselves(), null, "guardian.email"), Person.stranger());
    assertThat(refusing(guardians)).containsExactly(Map.entry(Rule.SELF, "about-another"));
  }

  @Test
  void theVersionsThatBindDuringGraceAreNamed() {
    Policy first = draft().build();
    Policy second = draft().version("2", LocalDate.of(2026, 11, 20)).build();
    Explanation explanation =
        policies(List.of(first, second))
            .explain(
                read(agent(), "customer-service", "contact.email"),
                Person.member().state(),
                Map.of());
    assertThat(explanation.policy()).isEqualTo(second.version());
    assertThat(explanation.beside()).containsExactly(first.version());
  }

  @Test
  void everyOutcomeHasWordsInBothLanguages() {
    for (Rule rule : Rule.values()) {
      for (Outcome outcome : Outcome.values()) {
        Reason reason = outcome == Outcome.REFUSED ? Reason.NO_ROLE : null;
        Step step = new Step(rule, outcome, rule.clause(), reason);
        assertThat(step.sentence(Locale.ENGLISH)).endsWith(".").doesNotContainPattern("\\p{IsHan}");
        assertThat(step.sentence(Locale.CHINESE)).endsWith("。").containsPattern("\\p{IsHan}");
      }
    }
  }

  /** On invented policies, people and questions. */
  @Test
  void whatIsExplainedIsWhatIsDecided() {
    Map<Rule, Integer> decided = new EnumMap<>(Rule.class);
    for (int i = 0; i < 6; i++) {
      InventedHouse house = new InventedHouse(SEED + i);
      for (int j = 0; j < 40; j++) {
        house.turnToAProduct();
        agree(house, house.question(), house.state(), decided);
      }
    }
    assertThat(decided.keySet()).hasSizeGreaterThanOrEqualTo(10);
  }

  private static void agree(
      InventedHouse house, Question question, SubjectState state, Map<Rule, Integer> decided) {
    Map<String, Origin> origins = new TreeMap<>();
    for (String field : question.fields()) {
      origins.put(
          field, new Origin(new ProductId(house.collectorOf(question)), house.before(state.now())));
    }
    Decision decision = house.policies().decide(question, state);
    Explanation explanation = house.policies().explain(question, state, origins);
    for (int i = 0; i < question.fields().size(); i++) {
      OfField field = explanation.fields().get(i);
      Origin origin = origins.get(question.fields().get(i));
      Reason refused =
          decision instanceof Permit permit
              ? permit.admits(i, origin.product(), origin.collectedAt())
              : decision.reason(i);
      String where = "-Dpledge.seed=" + house.seed() + ": " + question + " about " + state;
      assertThat(field.refused()).as(where).isEqualTo(refused);
      assertThat(field.view()).as(where).isEqualTo(refused == null ? decision.view(i) : null);
      assertThat(decisive(field).count()).as(where).isEqualTo(refused == null ? 0 : 1);
      if (refused != null) {
        decided.merge(refused.rule(), 1, Integer::sum);
      }
    }
  }

  /**
   * Each rule that is said to refuse keeps refusing once all the others that do are gone; with all
   * of them gone nothing refuses.
   */
  @Test
  void allThatRefusesIsToldAndNothingElse() {
    Map<Rule, Integer> told = new EnumMap<>(Rule.class);
    for (int i = 0; i < 60; i++) {
      InventedHouse house = new InventedHouse(SEED - i % 12);
      house.turnToAProduct();
      Question question = house.question();
      SubjectState state = house.state();
      for (OfField field : house.policies().explain(question, state, Map.of()).fields()) {
        Set<Rule> refusing = EnumSet.noneOf(Rule.class);
        refusing.addAll(refusing(field).keySet());
        boolean lastWord = refusing.contains(Rule.SELF) || refusing.contains(Rule.DECLARED);
        if (!lastWord) {
          requireTrue(house, question, state, field.asked(), refusing);
          refusing.forEach(rule -> told.merge(rule, 1, Integer::sum));
        }
      }
    }
    assertThat(told).containsKeys(Rule.NEED_TO_KNOW, Rule.PURPOSE, Rule.CONSENT, Rule.CONDITIONS);
  }

  private static void requireTrue(
      InventedHouse house,
      Question question,
      SubjectState state,
      String asked,
      Set<Rule> refusing) {
    String where = "-Dpledge.seed=" + house.seed() + ": " + question + " about " + state;
    int index = question.fields().indexOf(asked);
    Reason left = house.policies().without(refusing).decide(question, state).reason(index);
    // where no role counts, nobody looks, and what would be seen is not told
    assertThat(left == null || (left.rule() == Rule.VIEW && refusing.contains(Rule.NEED_TO_KNOW)))
        .as(where)
        .isTrue();
    for (Rule rule : refusing) {
      Set<Rule> others = EnumSet.copyOf(refusing);
      others.remove(rule);
      Reason reason = house.policies().without(others).decide(question, state).reason(index);
      assertThat(reason).as(where).isNotNull();
      assertThat(reason.rule()).as(where).isEqualTo(rule);
    }
  }

  private static Explanation explain(
      Question question, SubjectState state, Map<String, Origin> origins) {
    return policies().explain(question, state, origins);
  }

  private static OfField first(Question question, Person person) {
    return explain(question, person.state(), Map.of()).fields().getFirst();
  }

  private static Map<Rule, String> refusing(OfField field) {
    Map<Rule, String> reasons = new EnumMap<>(Rule.class);
    for (Step step : field.steps()) {
      if (step.reason() != null) {
        assertThat(step.outcome()).isEqualTo(Outcome.REFUSED);
        reasons.put(step.rule(), step.reason().code());
      }
    }
    return reasons;
  }

  private static Stream<Step> decisive(OfField field) {
    return field.steps().stream().filter(field::isDecidedBy);
  }

  private static Outcome outcome(OfField field, Rule rule) {
    return field.steps().get(rule.ordinal()).outcome();
  }
}
