package dev.pledge.policy.names;

/**
 * A role an actor holds, such as {@code support-agent} (IV.3).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record RoleId(String value) implements Comparable<RoleId> {
  public RoleId {
    Name.requireSimple(value, "role");
  }

  @Override
  public int compareTo(RoleId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
