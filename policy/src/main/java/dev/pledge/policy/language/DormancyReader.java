package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.FieldId;
import java.time.Period;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads after how long without use a person is dormant for a product, and holds it against how long
 * data is kept (II.II.3, IV.1).
 */
final class DormancyReader {
  private static final Period SHORTEST = Period.ofMonths(1);
  private static final Period LONGEST = Period.ofYears(99);

  /** What ends whether or not the person ever comes back to close the account. */
  private static final Set<From> ENDS_BY_ITSELF = EnumSet.of(From.COLLECTION, From.LAST_USE);

  private final Problems problems;
  private final Value value;

  DormancyReader(Problems problems, Value value) {
    this.problems = problems;
    this.value = value;
  }

  Optional<Period> read() {
    Optional<Period> dormancy = value.period();
    Optional<Scalar> word = value.word();
    if (dormancy.isPresent() && !Retention.covers(dormancy.get(), SHORTEST)) {
      problems.error(
          word,
          "a dormancy of " + written(word) + " is shorter than a month",
          "write `P1M` or longer");
      return Optional.empty();
    }
    if (dormancy.isPresent() && !Retention.covers(LONGEST, dormancy.get())) {
      problems.error(
          word, "a dormancy of " + written(word) + " never comes", "write at most `P99Y`");
      return Optional.empty();
    }
    return dormancy;
  }

  private static String written(Optional<Scalar> word) {
    return word.map(text -> Quoted.of(text.text())).orElse("nothing");
  }

  /** Warns of what is kept for longer than a dormant account can use it, or not for as long. */
  void check(Policy policy) {
    Optional<Scalar> word = value.word();
    if (word.isPresent() && policy.dormancy().isPresent() && !problems.hasErrors()) {
      keptAsLongAsUsed(policy, word.get(), policy.dormancy().get());
      keptWithAnEnd(policy, word.get(), policy.dormancy().get());
    }
  }

  private void keptAsLongAsUsed(Policy policy, Scalar word, Period dormancy) {
    for (Retention kept : policy.retention()) {
      if (kept.from() == From.LAST_USE
          && !kept.of().isEmpty()
          && !Retention.covers(kept.keep(), dormancy)) {
        problems.warning(
            word,
            named(kept.of())
                + " ends `"
                + kept.keep()
                + "` after the last use, before anybody is dormant",
            "write `keep: " + dormancy + "` or longer there, or a shorter `dormancy`");
      }
    }
  }

  /** What the law orders to be stored goes on for the dormant too. */
  private void keptWithAnEnd(Policy policy, Scalar word, Period dormancy) {
    Set<FieldId> endless =
        policy.retention().stream().flatMap(kept -> kept.of().stream()).collect(Collectors.toSet());
    policy.retention().stream()
        .filter(kept -> ENDS_BY_ITSELF.contains(kept.from()))
        .forEach(kept -> endless.removeAll(kept.of()));
    policy.purposes().stream()
        .filter(purpose -> purpose.basis() == Basis.LEGAL_OBLIGATION)
        .filter(purpose -> purpose.exception().isEmpty())
        .forEach(purpose -> endless.removeAll(purpose.uses()));
    if (!endless.isEmpty()) {
      problems.warning(
          word,
          named(endless) + " has no end while somebody is dormant and does not close (IV.1)",
          "add a retention `from: last-use`, `keep: " + dormancy + "` or longer");
    }
  }

  private static String named(Set<FieldId> fields) {
    List<FieldId> sorted = fields.stream().sorted().toList();
    String first = "`" + sorted.getFirst() + "`";
    return switch (sorted.size()) {
      case 1 -> first;
      case 2 -> first + ", like `" + sorted.getLast() + "`,";
      default -> first + ", like " + (sorted.size() - 1) + " other fields,";
    };
  }
}
