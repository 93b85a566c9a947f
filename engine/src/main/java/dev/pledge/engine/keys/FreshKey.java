package dev.pledge.engine.keys;

/** A key just made for a person: a lease to use it, and its wrapped form to be stored. */
public record FreshKey(SubjectKey key, WrappedKey wrapped) implements AutoCloseable {
  /** Closes the lease. */
  @Override
  public void close() {
    key.close();
  }
}
