package dev.pledge.engine.anchor;

import dev.pledge.log.Checkpoint;

/**
 * A checkpoint for an anchor.
 *
 * @param note the checkpoint as a signed note
 * @param known the size the anchor is thought to know; 0 if it has to be asked
 */
@SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
public record News(Checkpoint checkpoint, byte[] note, long known) {
  /** How many entries the checkpoint covers. */
  long size() {
    return checkpoint.size();
  }
}
