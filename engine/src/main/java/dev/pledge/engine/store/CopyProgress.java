package dev.pledge.engine.store;

/** Is told how far a copy is. */
@FunctionalInterface
public interface CopyProgress {
  /** So many bytes are copied, of about so many. */
  void at(long done, long all);
}
