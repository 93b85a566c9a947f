package dev.pledge.policy.names;

/**
 * A role an actor holds, such as {@code support-agent} (IV.3).
 *
 * @throws IllegalArgumentException if the name is not in the form of names (see {@link Name})
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
