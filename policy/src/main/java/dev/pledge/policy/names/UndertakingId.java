package dev.pledge.policy.names;

/**
 * A promise of confidentiality an actor signs (IV.3).
 *
 * @throws IllegalArgumentException if the name is not in the form of names (see {@link Name})
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
