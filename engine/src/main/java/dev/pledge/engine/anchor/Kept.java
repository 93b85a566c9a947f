package dev.pledge.engine.anchor;

import dev.pledge.log.NoteSignature;
import java.util.List;

/**
 * What an anchor knows after it was told.
 *
 * @param size how many entries of the log it knows of
 * @param cosignatures what it signed of the checkpoint it was told of, verified
 */
public record Kept(long size, List<NoteSignature> cosignatures) {
  /** Copies the list. */
  public Kept {
    cosignatures = List.copyOf(cosignatures);
  }

  /** It knows so many entries, and signs nothing. */
  static Kept of(long size) {
    return new Kept(size, List.of());
  }
}
