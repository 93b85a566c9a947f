package dev.pledge.policy.decision;

import dev.pledge.policy.names.PolicyVersion;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What people's answers are about, and whether a grant under an earlier version still means what it
 * said (II.II.6). Here {@link Declarations#UNDECLARED} stands for the authorisation to pool.
 */
final class Meanings {
  private final Declarations declared;

  /** Per earlier version, the purposes for which its grants still count, and last the pooling. */
  private final Map<PolicyVersion, BitSet> unchangedSince = new HashMap<>();

  Meanings(Declarations declared, List<CompiledPolicy> earlier) {
    this.declared = declared;
    for (CompiledPolicy policy : earlier) {
      unchangedSince.put(policy.version(), unchangedSince(policy.source()));
    }
  }

  private BitSet unchangedSince(Policy then) {
    Meaning meaning = new Meaning(then, declared.source());
    int purposes = declared.purposeCount();
    BitSet unchanged = new BitSet(purposes + 1);
    for (int p = 0; p < purposes; p++) {
      unchanged.set(p, meaning.keeps(declared.purpose(p)));
    }
    unchanged.set(purposes, meaning.keepsPooling());
    return unchanged;
  }

  /** The name under which people answer. */
  String nameOf(int purpose) {
    return purpose == Declarations.UNDECLARED
        ? CompiledPolicy.POOLING
        : declared.purpose(purpose).id().value();
  }

  /** Whether a grant under {@code version} for the purpose still means what it said. */
  boolean stillMeans(PolicyVersion version, int purpose) {
    if (version.equals(declared.source().version())) {
      return true;
    }
    BitSet unchanged = unchangedSince.get(version);
    return unchanged != null
        && unchanged.get(purpose == Declarations.UNDECLARED ? declared.purposeCount() : purpose);
  }
}
