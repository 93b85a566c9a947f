package dev.pledge.policy.names;

/**
 * A purpose personal data is used for, such as {@code customer-service} (II.I.*).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record PurposeId(String value) implements Comparable<PurposeId> {
  public PurposeId {
    Name.requireSimple(value, "purpose");
  }

  @Override
  public int compareTo(PurposeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
