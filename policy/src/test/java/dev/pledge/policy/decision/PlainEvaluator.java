package dev.pledge.policy.decision;

import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A second evaluator of the same promises, which reads them literally. What {@link Policies}
 * decides has to agree with it.
 */
final class PlainEvaluator {
  private final List<PlainVersion> versions;
  private final Map<String, PlainProduct> products = new HashMap<>();

  PlainEvaluator(List<Policy> policies) {
    this.versions = policies.stream().map(policy -> new PlainVersion(policy, policies)).toList();
  }

  /**
   * What becomes of an asked field.
   *
   * @param reason why it is refused, or null
   * @param view how clearly it opens, or null
   * @param purpose what it is used or stored for, or null
   */
  record Fate(Reason reason, View view, PurposeId purpose) {
    static Fate refused(Reason reason) {
      return new Fate(reason, null, null);
    }
  }

  /** What becomes of the field, asked alone or among others. */
  Fate decide(Question question, SubjectState state, String field) {
    return of(question).decide(question, state, field);
  }

  /** Why a value of the field, which a use opened, stays closed, or null. */
  Reason admits(
      Question question,
      SubjectState state,
      String field,
      ProductId collector,
      Instant collectedAt) {
    return of(question).admits(question, state, field, collector, collectedAt);
  }

  /** What each version says of the product that is asked for (VIII.1). */
  private PlainProduct of(Question question) {
    return products.computeIfAbsent(
        question.product(),
        product -> new PlainProduct(versions.stream().map(v -> v.of(product)).toList()));
  }
}
