package dev.pledge.bench.comparison;

import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ProductId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an adult's answers come to for one product, worked out for engines that know no history of
 * answers: the products they use now, and the purposes they agree to, of ordinary and of sensitive
 * data. A later answer takes the place of those before it, and a refusal covers what it names.
 */
record Standing(Set<String> uses, Set<String> agreed, Set<String> agreedExplicitly) {
  Standing {
    uses = Set.copyOf(uses);
    agreed = Set.copyOf(agreed);
    agreedExplicitly = Set.copyOf(agreedExplicitly);
  }

  static Standing of(SubjectState state, String product) {
    return new Standing(
        state.memberships().stream()
            .filter(membership -> membership.closedAt() == null)
            .map(membership -> membership.product().value())
            .collect(Collectors.toSet()),
        agreed(state.choices(), product, Coverage.ORDINARY),
        agreed(state.choices(), product, Coverage.SENSITIVE));
  }

  private static Set<String> agreed(List<Choice> choices, String product, Coverage coverage) {
    Set<String> agreed = new HashSet<>();
    choices.stream()
        .filter(choice -> covers(choice, product, coverage))
        .sorted(Comparator.comparingLong(Choice::order))
        .forEach(
            choice -> {
              if (choice.answer() == Answer.GRANTED) {
                agreed.add(choice.purpose());
              } else {
                agreed.remove(choice.purpose());
              }
            });
    return agreed;
  }

  private static boolean covers(Choice choice, String product, Coverage coverage) {
    ProductId named = choice.product();
    return (named == null || named.value().equals(product))
        && (choice.coverage() == coverage || choice.coverage() == Coverage.ALL);
  }
}
