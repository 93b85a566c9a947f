package dev.pledge.policy.names;

/**
 * A clause of the published policy, such as {@code II.II.5}.
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record ClauseId(String value) implements Comparable<ClauseId> {
  public ClauseId {
    Name.requireClause(value, "clause");
  }

  @Override
  public int compareTo(ClauseId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
