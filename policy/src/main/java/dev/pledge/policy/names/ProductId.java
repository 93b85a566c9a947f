package dev.pledge.policy.names;

/**
 * A product or service the policy covers; {@code general} lies under all of them (VIII.1).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record ProductId(String value) implements Comparable<ProductId> {
  public ProductId {
    Name.requireSimple(value, "product");
  }

  @Override
  public int compareTo(ProductId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
