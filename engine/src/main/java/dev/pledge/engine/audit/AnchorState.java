package dev.pledge.engine.audit;

import dev.pledge.engine.anchor.OutsideAnchor.Kind;
import dev.pledge.log.VerifierKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What an anchor outside knows, as far as everybody may know it.
 *
 * @param keys with which it cosigns; none unless it is a witness
 * @param size how many entries the checkpoint covers that is there; empty if none is
 * @param at when that was confirmed
 * @param isBehind whether it lacks entries that it should have been told of by now, or contradicts
 * @param contradicts whether it knows what the database has not, so that nothing more is signed
 */
public record AnchorState(
    String name,
    Kind kind,
    Set<VerifierKey> keys,
    Optional<Long> size,
    Optional<Instant> at,
    boolean isBehind,
    boolean contradicts) {
  /** Copies the set. */
  public AnchorState {
    keys = Set.copyOf(keys);
  }
}
