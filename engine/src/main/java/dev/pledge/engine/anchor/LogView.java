package dev.pledge.engine.anchor;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import java.util.List;

/** What an anchor may ask of the log that it is told of. */
public interface LogView {
  /** How many entries the log has now. */
  long size();

  /** The root over its first entries. */
  Hash root(long size);

  /** That one size goes before another, for {@link dev.pledge.log.Merkle#isConsistent}. */
  List<Hash> consistency(long older, long newer);

  /** What a note that was kept says of the log. */
  Signed opened(byte[] note);

  /** Who has signed a note that was kept. */
  sealed interface Signed {
    /** The log, with a key that it has or had. */
    record ByTheLog(Checkpoint checkpoint) implements Signed {}

    /** Somebody, as a checkpoint of that size of this log, with a key that it never had. */
    record ByAnotherKey(long size) implements Signed {}

    /** Nobody: it is no checkpoint, one of another log, or was altered. */
    record ByNobody() implements Signed {}
  }
}
