package dev.pledge.engine.anchor;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import java.util.List;
import java.util.Optional;

/** What an anchor may ask of the log that it is told of. */
public interface LogView {
  /** How many entries the log has now. */
  long size();

  /** The root over its first entries. */
  Hash root(long size);

  /** That one size goes before another, for {@link dev.pledge.log.Merkle#isConsistent}. */
  List<Hash> consistency(long older, long newer);

  /** The checkpoint in a note, if the log has signed it. */
  Optional<Checkpoint> opened(byte[] note);
}
