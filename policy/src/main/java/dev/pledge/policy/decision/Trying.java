package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.Explanation.OfField;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Explanation.Outcome;
import dev.pledge.policy.decision.Explanation.Step;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.View;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Explains by deciding, and in no other way, so that what is told cannot differ from what is done:
 * a question is decided, then again without the rules that refused, until nothing more is refused.
 */
final class Trying {
  /** What is not declared, or nobody's right, leaves the other rules nothing to look at. */
  private static final Set<Rule> LAST_WORD = Set.of(Rule.SELF, Rule.DECLARED);

  private static final ClauseId SHARED_IN_LISTED_CASES = new ClauseId("III.I.1");

  private static final Set<Rule> OF_A_RIGHT =
      Set.of(Rule.SELF, Rule.DECLARED, Rule.STANDING, Rule.VIEW);
  private static final Set<Rule> OF_COLLECTION =
      EnumSet.complementOf(EnumSet.of(Rule.SELF, Rule.POOLING, Rule.RETENTION, Rule.VIEW));
  private static final Set<Rule> OF_A_READ =
      EnumSet.complementOf(EnumSet.of(Rule.SELF, Rule.CONDITIONS));
  private static final Set<Rule> OF_SHARING = EnumSet.complementOf(EnumSet.of(Rule.SELF));

  private final Policies policies;
  private final Question question;
  private final SubjectState state;
  private final Map<String, Origin> origins;

  /** What is decided without some of the rules; several fields often lack the same. */
  private final Map<Set<Rule>, Decision> decisions = new HashMap<>();

  /** Per asked field, the rules that refuse it. */
  private final List<Map<Rule, Step>> refusals = new ArrayList<>();

  private Trying(
      Policies policies, Question question, SubjectState state, Map<String, Origin> origins) {
    this.policies = policies;
    this.question = question;
    this.state = state;
    this.origins = origins;
  }

  static Explanation explain(
      Policies policies, Question question, SubjectState state, Map<String, Origin> origins) {
    Trying trying = new Trying(policies, question, state, origins);
    for (int i = 0; i < question.fields().size(); i++) {
      trying.refusals.add(trying.refusals(i));
    }
    Decision decision = trying.decisionWithout(Set.of());
    return new Explanation(
        decision.policy(),
        policies.bindingBeside(state),
        policies.decidingAt(state.now()).counted(question),
        trying.fields(decision));
  }

  private Decision decisionWithout(Set<Rule> rules) {
    return decisions.computeIfAbsent(
        Set.copyOf(rules),
        out -> (out.isEmpty() ? policies : policies.without(out)).decide(question, state));
  }

  /** The rules that refuse the field, each once those found before it are left out. */
  private Map<Rule, Step> refusals(int asked) {
    Map<Rule, Step> refusing = new EnumMap<>(Rule.class);
    while (refusing.keySet().stream().noneMatch(LAST_WORD::contains)) {
      Decision decision = decisionWithout(refusing.keySet());
      Reason reason = refused(decision, asked);
      if (reason == null) {
        break;
      }
      ClauseId clause = decision.clause(asked, reason);
      refusing.put(reason.rule(), new Step(reason.rule(), Outcome.REFUSED, clause, reason));
    }
    return refusing;
  }

  /** Why the field, or its value where one is named, is refused; or null. */
  private @Nullable Reason refused(Decision decision, int asked) {
    Origin origin = origin(asked);
    return origin != null && decision instanceof Permit permit
        ? permit.admits(asked, origin.product(), origin.collectedAt())
        : decision.reason(asked);
  }

  private @Nullable Origin origin(int asked) {
    return origins.get(question.fields().get(asked));
  }

  private List<OfField> fields(Decision decision) {
    List<OfField> fields = new ArrayList<>();
    for (int i = 0; i < refusals.size(); i++) {
      int asked = i;
      Reason refused = refused(decision, i);
      View view = decision.view(i);
      fields.add(
          new OfField(
              question.fields().get(i),
              refused == null ? view : null,
              refused,
              refused == null ? decision.purpose(i) : null,
              Stream.of(Rule.values()).map(rule -> step(asked, rule)).toList()));
    }
    return fields;
  }

  private Step step(int asked, Rule rule) {
    Step refusal = refusals.get(asked).get(rule);
    return refusal != null && !isNobodysView(asked, rule)
        ? refusal
        : new Step(rule, outcome(asked, rule), clause(rule), null);
  }

  /** The conditions of a hand-over are others than those of a collection. */
  private ClauseId clause(Rule rule) {
    boolean ofSharing = question.act() == Act.SHARE && rule == Rule.CONDITIONS;
    return ofSharing ? SHARED_IN_LISTED_CASES : rule.clause();
  }

  /** Where no role counts, nobody looks. */
  private boolean isNobodysView(int asked, Rule rule) {
    return rule == Rule.VIEW && refusals.get(asked).containsKey(Rule.NEED_TO_KNOW);
  }

  private Outcome outcome(int asked, Rule rule) {
    Set<Rule> refusing = refusals.get(asked).keySet();
    if (!applying().contains(rule)) {
      return Outcome.DOES_NOT_APPLY;
    }
    if (LAST_WORD.stream().anyMatch(last -> refusing.contains(last) && rule.compareTo(last) > 0)) {
      return Outcome.NOT_TRIED;
    }
    if (isNobodysView(asked, rule)) {
      return Outcome.NOT_TRIED;
    }
    boolean ofValues = rule == Rule.POOLING || rule == Rule.RETENTION;
    return ofValues && origin(asked) == null ? Outcome.OF_EACH_VALUE : Outcome.PASSED;
  }

  private Set<Rule> applying() {
    return switch (question.act()) {
      case READ -> question.asker().capacity() == Capacity.ROLE ? OF_A_READ : OF_A_RIGHT;
      case COLLECT -> OF_COLLECTION;
      case SHARE -> OF_SHARING;
    };
  }
}
