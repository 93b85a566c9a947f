package dev.pledge.policy.names;

/**
 * A category of personal data a policy declares, such as {@code contact} (I.*).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record CategoryId(String value) implements Comparable<CategoryId> {
  public CategoryId {
    Name.requireSimple(value, "category");
  }

  @Override
  public int compareTo(CategoryId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
