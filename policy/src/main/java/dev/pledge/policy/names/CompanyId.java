package dev.pledge.policy.names;

/**
 * A company of the control graph, which tells who is an affiliate (VIII.4).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record CompanyId(String value) implements Comparable<CompanyId> {
  public CompanyId {
    Name.requireSimple(value, "company");
  }

  @Override
  public int compareTo(CompanyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
