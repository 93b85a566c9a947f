package dev.pledge.engine.gate;

import dev.pledge.policy.decision.CompiledPolicy;
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

  private static final int MOST_CONDITIONS = 32;

  public Collection {
    conditions = Set.copyOf(conditions);
    if (conditions.size() > MOST_CONDITIONS) {
      throw new IllegalArgumentException("assert at most " + MOST_CONDITIONS + " conditions");
    }
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    ReadRequest.requireFields(List.copyOf(values.keySet()));
  }

  /** Values the person supplies to correct or supplement what is known of them (V.1). */
  public static Collection corrections(String product, Map<String, Object> values) {
    return new Collection(product, CompiledPolicy.PERSON, Set.of(), values);
  }

  @Override
  public String toString() {
    return "Collection[[redacted]]";
  }
}
