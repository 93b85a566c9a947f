package dev.pledge.policy.names;

/**
 * A condition a collector asserts, such as {@code device-location-on} (I.3).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record ConditionId(String value) implements Comparable<ConditionId> {
  public ConditionId {
    Name.requireSimple(value, "condition");
  }

  @Override
  public int compareTo(ConditionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
