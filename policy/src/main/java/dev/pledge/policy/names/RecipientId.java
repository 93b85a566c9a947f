package dev.pledge.policy.names;

/**
 * Someone outside the controller who may receive data (III.*).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
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
