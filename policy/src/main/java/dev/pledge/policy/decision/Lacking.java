package dev.pledge.policy.decision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The versions of a policy compiled without some of the rules, as explanations ask for them: each
 * set of rules once, and those asked for last are kept. Safe for all threads.
 */
final class Lacking {
  /** The most that are kept; the rules that refuse together in practice are few. */
  static final int MOST = 32;

  private final List<Policy> versions;

  /** Guarded by itself, and the most lately used last. */
  private final Map<Set<Rule>, Policies> kept = new LinkedHashMap<>(16, 0.75f, true);

  Lacking(List<Policy> versions) {
    this.versions = versions;
  }

  /** The versions deciding without the rules. */
  Policies rules(Set<Rule> rules) {
    synchronized (kept) {
      Policies policies = kept.get(rules);
      if (policies == null) {
        policies = Policies.without(rules, versions);
        kept.put(Set.copyOf(rules), policies);
        if (kept.size() > MOST) {
          kept.remove(kept.keySet().iterator().next());
        }
      }
      return policies;
    }
  }
}
