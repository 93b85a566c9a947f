package dev.pledge.engine.audit;

import java.util.Optional;

/**
 * Remembers, outside of the database, the last checkpoint of a log that was signed. A database that
 * was put back, or a log that was written anew, does not fit what is remembered here.
 */
public interface Anchor {
  /** The checkpoint, a signed note, if one was kept. */
  Optional<byte[]> last();

  /** Remembers it durably, before it is published. */
  void keep(byte[] checkpoint);
}
