package dev.pledge.policy.decision;

import dev.pledge.policy.names.ProductId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One version of a policy, with the rules of each product: its own where it has any (VIII.1). */
final class PlainVersion {
  private final PlainRules general;
  private final Map<String, PlainRules> products = new HashMap<>();

  PlainVersion(Policy policy, List<Policy> versions) {
    general = new PlainRules(this, policy, new ProductId("general"), versions);
    for (ProductId product : policy.products()) {
      products.put(product.value(), new PlainRules(this, policy, product, versions));
    }
  }

  PlainRules of(String product) {
    return products.getOrDefault(product, general);
  }

  PlainRules of(ProductId product) {
    return of(product.value());
  }
}
