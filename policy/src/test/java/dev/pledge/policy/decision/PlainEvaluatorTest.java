package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.decision.PlainEvaluator.Fate;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The decision agrees with {@link PlainEvaluator} on whatever {@linkplain InventedPolicies
 * invented} policies, people and questions bring about: on the view or the reason of every field,
 * on the purpose it is used or stored for, and on values of it.
 */
final class PlainEvaluatorTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_261_122L);
  private static final int HOUSES = 500;
  private static final int PRODUCTS = 3;
  private static final int PEOPLE = 16;
  private static final int QUESTIONS = 42;

  @Test
  void theTwoAgreeOnAMillionQuestions() {
    Shares shares = new Shares();
    for (int i = 0; i < HOUSES; i++) {
      InventedHouse house = new InventedHouse(SEED + i);
      agree(house, house.policies(), shares);
    }
    System.err.println("PlainEvaluatorTest: -Dpledge.seed=" + SEED + ": " + shares);
    assertThat(shares.questions).isGreaterThanOrEqualTo(1_000_000);
    assertThat(shares.percent(shares.permits)).isGreaterThanOrEqualTo(20);
    assertThat(shares.percent(shares.mixed)).isGreaterThanOrEqualTo(10);
    assertThat(shares.percent(shares.shared)).isGreaterThanOrEqualTo(15);
    assertThat(100.0 * shares.sharedOpen / shares.shared).isGreaterThanOrEqualTo(15);
    assertThat(shares.unshared)
        .contains(
            Reason.UNKNOWN_RECIPIENT,
            Reason.PURPOSE_NOT_SHARED,
            Reason.OTHER_DESTINATION,
            Reason.FIELD_NOT_SHARED,
            Reason.NOT_AFFILIATED,
            Reason.NOT_BOUND,
            Reason.SHARING_NOT_AGREED);
    for (Rule rule : Rule.values()) {
      int decided = shares.decidedBy.getOrDefault(rule, 0);
      assertThat(shares.percent(decided)).as("%s decides", rule).isGreaterThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void theyNoLongerAgreeWithoutARule(Rule rule) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                InventedHouse house = new InventedHouse(SEED + i);
                agree(house, house.policies().without(rule), new Shares());
              }
            })
        .isInstanceOf(AssertionError.class);
  }

  private static void agree(InventedHouse house, Policies policies, Shares shares) {
    PlainEvaluator plain = new PlainEvaluator(house.versions());
    for (int i = 0; i < PRODUCTS; i++) {
      house.turnToAProduct();
      List<SubjectState> people = new ArrayList<>();
      for (int j = 0; j < PEOPLE; j++) {
        people.add(house.state());
      }
      for (int j = 0; j < QUESTIONS; j++) {
        Question question = house.question();
        for (SubjectState state : people) {
          Decision decision = policies.decide(question, state);
          shares.count(decision, agreed(house, plain, decision));
        }
      }
    }
  }

  /** The rules that refused a field or a value, once the two have been found to agree. */
  private static Set<Rule> agreed(InventedHouse house, PlainEvaluator plain, Decision decision) {
    Question question = decision.question();
    Set<Rule> rules = EnumSet.noneOf(Rule.class);
    for (int i = 0; i < question.fields().size(); i++) {
      String field = question.fields().get(i);
      Fate fate = new Fate(decision.reason(i), decision.view(i), decision.purpose(i));
      compare(house, decision, field, fate, plain.decide(question, decision.state(), field));
      Reason refused = fate.reason();
      if (decision instanceof Permit permit && refused == null && question.act() != Act.COLLECT) {
        ProductId collector = new ProductId(house.collectorOf(question));
        Instant at = house.before(decision.state().now());
        refused = permit.admits(i, collector, at);
        compare(
            house,
            decision,
            field + " of " + collector + " at " + at,
            refused,
            plain.admits(question, decision.state(), field, collector, at));
      }
      if (refused != null) {
        rules.add(refused.rule());
      }
    }
    return rules;
  }

  private static void compare(
      InventedHouse house, Decision decision, String what, Object decided, Object plain) {
    if (decided == null ? plain != null : !decided.equals(plain)) {
      throw new AssertionError(
          "-Dpledge.seed=%d: %s is %s by the decision and %s by the plain evaluator%n%s%n%s"
              .formatted(
                  house.seed(), what, decided, plain, decision.question(), decision.state()));
    }
  }

  /** How many questions there were, and what became of them. */
  private static final class Shares {
    private int questions;
    private int permits;
    private int mixed;
    private int shared;
    private int sharedOpen;
    private final Set<Reason> unshared = EnumSet.noneOf(Reason.class);
    private final Map<Rule, Integer> decidedBy = new EnumMap<>(Rule.class);

    void count(Decision decision, Set<Rule> rules) {
      int asked = decision.question().fields().size();
      int open = 0;
      boolean share = decision.question().act() == Act.SHARE;
      for (int i = 0; i < asked; i++) {
        open += decision.view(i) == null ? 0 : 1;
        if (share && decision.reason(i) != null) {
          unshared.add(decision.reason(i));
        }
      }
      shared += share ? 1 : 0;
      sharedOpen += share && open > 0 ? 1 : 0;
      questions++;
      permits += decision instanceof Permit ? 1 : 0;
      mixed += open > 0 && open < asked ? 1 : 0;
      rules.forEach(rule -> decidedBy.merge(rule, 1, Integer::sum));
    }

    double percent(int of) {
      return 100.0 * of / questions;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(questions).append(" questions");
      append(text, "permits", permits);
      append(text, "mixed", mixed);
      append(text, "shared", shared);
      append(text, "shared and open", sharedOpen);
      decidedBy.forEach((rule, times) -> append(text, "by " + rule, times));
      return text.toString();
    }

    private void append(StringBuilder text, String what, int times) {
      text.append(String.format(Locale.ROOT, ", %.1f %% %s", percent(times), what));
    }
  }
}
