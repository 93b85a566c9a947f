package dev.pledge.policy.names;

/**
 * A purpose personal data is used for, such as {@code customer-service} (II.I.*).
 *
 * @throws IllegalArgumentException if the name is not in the form of names (see {@link Name})
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
