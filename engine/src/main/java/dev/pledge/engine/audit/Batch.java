package dev.pledge.engine.audit;

import dev.pledge.log.Hash;
import dev.pledge.log.Promise;
import dev.pledge.log.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries that become durable together, and the one promise that is signed for all of them, when
 * the first receipt is shown. Safe for use by many threads.
 */
final class Batch {
  /** How long after a promise a checkpoint covers its entries. */
  static final Duration WITHIN = Duration.ofSeconds(60);

  private final List<Hash> leaves;
  private final Instant at;
  private final LogSigner signer;
  private @Nullable Signed signed;

  Batch(List<Hash> leaves, Instant at, LogSigner signer) {
    this.leaves = leaves;
    this.at = at;
    this.signer = signer;
  }

  private record Signed(Tree tree, String note) {}

  /** The promise, and what shows that it is about the leaf at that place of the batch. */
  Receipt.Promised promised(int place) {
    Signed all = signed();
    return new Receipt.Promised(signer.origin(), all.note, place, all.tree.inclusion(place));
  }

  private synchronized Signed signed() {
    Signed known = signed;
    if (known == null) {
      Tree tree = Tree.of(leaves);
      Promise promise = new Promise(signer.origin(), leaves.size(), tree.root(), at, WITHIN);
      byte[] note = signer.sign(promise.text());
      known = new Signed(tree, new String(note, StandardCharsets.UTF_8));
      signed = known;
    }
    return known;
  }
}
