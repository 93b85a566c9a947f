package dev.pledge.engine.gate;

import dev.pledge.engine.value.UnusableInput;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values to be stored, as a caller sends them: a JSON tree for each field. An event series takes a
 * list of {@code {observedAt, value}}.
 *
 * @param conditions what the collector asserts to be true (I.3)
 */
public record Collection(
    String product, String source, Set<String> conditions, Map<String, Object> values) {
  /** The most observations in one request. */
  public static final int MOST_OBSERVATIONS = 1_000;

  /** The most conditions in one request. */
  public static final int MOST_CONDITIONS = 32;

  public Collection {
    conditions = Set.copyOf(conditions);
    if (conditions.size() > MOST_CONDITIONS) {
      throw new UnusableInput(
          "conditions",
          "assert at most " + MOST_CONDITIONS + " conditions",
          "最多声明 " + MOST_CONDITIONS + " 个条件");
    }
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    ReadRequest.requireFields("values", List.copyOf(values.keySet()));
  }

  @Override
  public String toString() {
    return "Collection[" + product + ", [redacted]]";
  }
}
