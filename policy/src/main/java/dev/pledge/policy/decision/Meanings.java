package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What people's answers are about, and whether a grant under another version means as much under
 * this one (II.II.6): under an earlier one after a revision, under a later one while the version
 * accepted before still binds beside it. Here {@link Declarations#UNDECLARED} stands for the
 * authorisation to pool.
 */
final class Meanings {
  private final Declarations declared;
  private final PolicyVersion version;

  /** Per other version, the purposes for which its grants count here, and last the pooling. */
  private final Map<PolicyVersion, BitSet> covered = new HashMap<>();

  /**
   * @param declared what counts for {@code product} in this version
   */
  Meanings(Declarations declared, List<Policy> versions, ProductId product, Layers layers) {
    this.declared = declared;
    this.version = declared.source().version();
    for (Policy other : versions) {
      if (!other.version().equals(version)) {
        covered.put(
            other.version(),
            coveredBy(other.forProduct(product), layers.coversPooling(other.version())));
      }
    }
  }

  private BitSet coveredBy(Policy granted, boolean takesNoMore) {
    Meaning meaning = new Meaning(granted, declared.source());
    int purposes = declared.purposeCount();
    BitSet covered = new BitSet(purposes + 1);
    for (int p = 0; p < purposes; p++) {
      covered.set(p, meaning.keeps(declared.purpose(p)));
    }
    covered.set(purposes, granted.pooling() == Pooling.WITH_AUTHORISATION && takesNoMore);
    return covered;
  }

  /** The name under which people answer. */
  String nameOf(int purpose) {
    return purpose == Declarations.UNDECLARED
        ? CompiledPolicy.POOLING
        : declared.purpose(purpose).id().value();
  }

  /** Whether a grant under {@code version} for the purpose covers what this version makes of it. */
  boolean stillMeans(PolicyVersion version, int purpose) {
    if (version.equals(this.version)) {
      return true;
    }
    BitSet covers = covered.get(version);
    return covers != null
        && covers.get(purpose == Declarations.UNDECLARED ? declared.purposeCount() : purpose);
  }
}
