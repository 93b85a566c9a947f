package dev.pledge.policy.decision;

import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One version of a policy as it counts for each product: the general terms, and for a product that
 * has terms of its own, in this or another version, a policy that is compared with what the others
 * say of the same product (VIII.1). Whatever concerns one product is asked of its layer: what may
 * be done in it, and how long what it collected is kept. Immutable once compiled.
 */
final class Layers {
  /** The other versions under which people may have agreed to pool, and that still cover it. */
  private final Set<PolicyVersion> poolingCovered = new HashSet<>();

  private final CompiledPolicy general;
  private final Map<String, CompiledPolicy> own = new HashMap<>();

  Layers(Policy policy, List<Policy> versions, Set<Rule> rules) {
    versions.stream()
        .filter(version -> Meaning.takesNoMore(version, policy))
        .forEach(version -> poolingCovered.add(version.version()));
    this.general =
        new CompiledPolicy(policy, versions, new ProductId(CompiledPolicy.GENERAL), this, rules);
    for (ProductId product : policy.products()) {
      if (versions.stream().anyMatch(version -> version.own().containsKey(product))) {
        own.put(product.value(), new CompiledPolicy(policy, versions, product, this, rules));
      }
    }
  }

  /** Whether no product takes more of what others collected than people agreed to under it. */
  boolean coversPooling(PolicyVersion version) {
    return poolingCovered.contains(version);
  }

  CompiledPolicy general() {
    return general;
  }

  /** What counts for the product so named; the general terms where it is not declared. */
  CompiledPolicy forProduct(String product) {
    return own.isEmpty() ? general : own.getOrDefault(product, general);
  }

  /** See {@link #forProduct(String)}. */
  CompiledPolicy forProduct(ProductId product) {
    return forProduct(product.value());
  }

  /** The general layer, and those of products. */
  List<CompiledPolicy> all() {
    List<CompiledPolicy> all = new ArrayList<>();
    all.add(general);
    general.source().products().stream()
        .map(product -> own.get(product.value()))
        .filter(Objects::nonNull)
        .forEach(all::add);
    return all;
  }
}
