package dev.pledge.policy.decision;

import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Decisions in words: per asked field the view it opens in, or the code of the refusal. */
final class Outcome {
  private Outcome() {}

  static List<String> of(Decision decision) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      words.add(word(decision, i));
    }
    return words;
  }

  /** What becomes of one value of the first asked field. */
  static String ofValue(Decision decision, String product, Instant collectedAt) {
    if (decision instanceof Permit permit && permit.view(0) != null) {
      Reason reason = permit.admits(0, new ProductId(product), collectedAt);
      return reason == null ? word(decision, 0) : reason.code();
    }
    return word(decision, 0);
  }

  private static String word(Decision decision, int field) {
    var view = decision.view(field);
    var reason = decision.reason(field);
    if (view == null) {
      return reason.code();
    }
    return view.word();
  }
}
