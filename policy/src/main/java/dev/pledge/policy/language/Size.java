package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses a file that declares so much that to look at every connection would take too long. The
 * limits are far above what a person could read.
 */
final class Size {
  static final int MAX_FIELDS = 1_000;

  private static final Map<String, Integer> MOST =
      Map.of(
          "products", 200,
          "conditions", 32, // as many as an entry of the log holds
          "undertakings", 200,
          "categories", 200,
          "purposes", 300,
          "roles", 200,
          "sources", 200,
          "companies", 200,
          "recipients", 200,
          "retention", 200);

  private Size() {}

  static boolean fits(Mapping top, Problems problems) {
    boolean fits = true;
    for (Map.Entry<String, Integer> most : MOST.entrySet()) {
      Optional<Entry> entry = Keys.find(top.entries(), most.getKey());
      if (entry.isPresent()) {
        fits &= fits(entry.get().key(), size(entry.get().value()), most.getValue(), problems);
      }
    }
    Optional<Entry> categories = Keys.find(top.entries(), "categories");
    return fits
        && (categories.isEmpty()
            || fits(
                categories.get().key(), fields(categories.get().value()), MAX_FIELDS, problems));
  }

  private static boolean fits(Scalar key, int size, int most, Problems problems) {
    if (size > most) {
      problems.error(
          key,
          "`" + key.text() + "` declares " + size + ", more than the " + most + " allowed",
          "split the policy");
    }
    return size <= most;
  }

  private static int size(Node node) {
    return switch (node) {
      case Mapping mapping -> mapping.entries().size();
      case Sequence sequence -> sequence.items().size();
      case Scalar _ -> 0;
    };
  }

  private static int fields(Node categories) {
    int fields = 0;
    if (categories instanceof Mapping all) {
      for (Entry category : all.entries()) {
        if (category.value() instanceof Mapping own) {
          fields += Keys.find(own.entries(), "fields").map(entry -> size(entry.value())).orElse(0);
        }
      }
    }
    return fields;
  }
}
