package dev.pledge.policy.names;

/**
 * Where a value came from: {@code person}, {@code product-use}, or a third party the policy
 * declares (I.0).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record SourceId(String value) implements Comparable<SourceId> {
  public SourceId {
    Name.requireSimple(value, "source");
  }

  @Override
  public int compareTo(SourceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
