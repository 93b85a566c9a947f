package dev.pledge.policy.names;

/**
 * A promise of confidentiality an actor signs (IV.3).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record UndertakingId(String value) implements Comparable<UndertakingId> {
  public UndertakingId {
    Name.requireSimple(value, "undertaking");
  }

  @Override
  public int compareTo(UndertakingId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
