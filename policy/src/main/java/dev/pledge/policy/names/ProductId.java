package dev.pledge.policy.names;

/**
 * A product or service the policy covers; {@code general} lies under all of them (VIII.1).
 *
 * @throws IllegalArgumentException if the name is not in the form of names (see {@link Name})
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
