package dev.pledge.engine.gate;

import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.HandOver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which of the names a caller wrote get into the log: those that the policy knows. */
final class LoggedNames {
  private LoggedNames() {}

  /** How many names the policy does not know. */
  static int unknownWithFields(Question question, CompiledPolicy policy) {
    int unknown = unknown(question, policy);
    CompiledPolicy terms = policy.forProduct(question.product());
    for (String field : question.fields()) {
      unknown += counted(field, name -> terms.declared(name) != null);
    }
    return unknown;
  }

  /** How many names besides those of the asked fields the policy does not know. */
  static int unknown(Question question, CompiledPolicy whole) {
    CompiledPolicy policy = whole.forProduct(question.product());
    int unknown = policy.covers(question.product()) ? 0 : 1;
    unknown += counted(question.purpose(), name -> policy.declaredPurpose(name) != null);
    unknown += counted(question.channel(), policy::knowsChannel);
    unknown += counted(question.source(), policy::knowsSource);
    HandOver handOver = question.handOver();
    unknown += handOver == null ? 0 : counted(handOver.recipient(), policy::knowsRecipient);
    for (String condition : question.conditions()) {
      unknown += counted(condition, policy::knowsCondition);
    }
    Set<String> fields = new HashSet<>(question.reveal());
    question.fields().forEach(fields::remove);
    for (String field : fields) {
      unknown += counted(field, name -> policy.declared(name) != null);
    }
    return unknown;
  }

  static int counted(@Nullable String name, Predicate<String> known) {
    return name == null || known.test(name) ? 0 : 1;
  }

  /** Adds the names of the question that the policy knows. */
  static Facts.Builder addTo(Facts.Builder facts, Question question, CompiledPolicy whole) {
    CompiledPolicy policy = whole.forProduct(question.product());
    if (policy.covers(question.product())) {
      facts.product(question.product());
    }
    String purpose = question.purpose();
    if (purpose != null && policy.declaredPurpose(purpose) != null) {
      facts.purpose(purpose);
      if (question.exception() != null) {
        facts.exception(purpose);
      }
    }
    String channel = question.channel();
    if (channel != null && policy.knowsChannel(channel)) {
      facts.channel(channel);
    }
    String source = question.source();
    if (source != null && policy.knowsSource(source)) {
      facts.source(source);
    }
    HandOver handOver = question.handOver();
    if (handOver != null && policy.knowsRecipient(handOver.recipient())) {
      facts.recipient(handOver.recipient());
    }
    return facts.conditions(
        question.conditions().stream().filter(policy::knowsCondition).collect(Collectors.toSet()));
  }

  /** Adds those of the names of an approval that the policy knows, and counts the others. */
  static Facts.Builder addTo(Facts.Builder facts, Approval approval, CompiledPolicy whole) {
    return addTo(facts, approval.purpose(), approval.product(), approval.fields(), whole);
  }

  /** Adds those of the names of a legal exception that the policy knows, and counts the others. */
  static Facts.Builder addTo(
      Facts.Builder facts,
      String purpose,
      String product,
      List<String> fields,
      CompiledPolicy whole) {
    CompiledPolicy policy = whole.forProduct(product);
    int unknown = 0;
    for (String field : fields) {
      unknown += counted(field, name -> policy.declared(name) != null);
    }
    unknown += counted(purpose, name -> policy.declaredPurpose(name) != null);
    unknown += counted(product, policy::covers);
    if (policy.declaredPurpose(purpose) != null) {
      facts.purpose(purpose).exception(purpose);
    }
    if (policy.covers(product)) {
      facts.product(product);
    }
    return facts.unknownNames(unknown);
  }

  /** Adds those of the names a choice is about that the policy knows, and counts the others. */
  static Facts.Builder addTo(
      Facts.Builder facts,
      CompiledPolicy policy,
      @Nullable String purpose,
      @Nullable String product,
      @Nullable String channel) {
    int unknown = 0;
    if (purpose != null) {
      boolean known =
          purpose.equals(CompiledPolicy.POOLING)
              || policy.layersOf(product).stream()
                  .anyMatch(terms -> terms.declaredPurpose(purpose) != null);
      facts = known ? facts.purpose(purpose) : facts;
      unknown += known ? 0 : 1;
    }
    if (product != null) {
      facts = policy.covers(product) ? facts.product(product) : facts;
      unknown += policy.covers(product) ? 0 : 1;
    }
    if (channel != null) {
      boolean known =
          policy.layersOf(product).stream().anyMatch(terms -> terms.knowsChannel(channel));
      facts = known ? facts.channel(channel) : facts;
      unknown += known ? 0 : 1;
    }
    return facts.unknownNames(unknown);
  }
}
