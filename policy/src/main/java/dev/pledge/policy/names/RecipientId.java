package dev.pledge.policy.names;

/**
 * Someone outside the controller who may receive data (III.*).
 *
 * @throws IllegalArgumentException if the name is not in the form of names (see {@link Name})
 */
public record RecipientId(String value) implements Comparable<RecipientId> {
  public RecipientId {
    Name.requireSimple(value, "recipient");
  }

  @Override
  public int compareTo(RecipientId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
