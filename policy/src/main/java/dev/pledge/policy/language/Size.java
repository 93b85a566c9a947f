package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import java.util.Map;

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
    for (Entry entry : top.entries()) {
      int most = MOST.getOrDefault(entry.key().text(), Integer.MAX_VALUE);
      fits &= fits(entry.key(), size(entry.value()), most, problems);
      if (entry.key().text().equals("categories")) {
        fits &= fits(entry.key(), fields(entry.value()), MAX_FIELDS, problems);
      }
    }
    return fits;
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
          fields +=
              own.entries().stream()
                  .filter(entry -> entry.key().text().equals("fields"))
                  .mapToInt(entry -> size(entry.value()))
                  .sum();
        }
      }
    }
    return fields;
  }
}
