package dev.pledge.policy.revision;

import dev.pledge.policy.names.ProductId;

/**
 * One difference between two versions.
 *
 * @param part what is different, such as {@code purpose `promotion`}
 * @param aspect what of it, as the file calls it, such as {@code uses}; empty where the part as a
 *     whole is new or gone
 * @param what the difference in words: {@code + contact.phone}, {@code P15D -> P30D}, {@code new}
 */
public record Change(Weight weight, String part, String aspect, String what) {
  /** The same, said of one product alone. */
  Change in(ProductId product) {
    return new Change(weight, part + " in `" + product + "`", aspect, what);
  }

  @Override
  public String toString() {
    return part + (aspect.isEmpty() ? "" : ": " + aspect) + ": " + what;
  }
}
