package dev.pledge.engine.audit;

import java.util.Optional;

/** Keeps a log's last checkpoint in memory, for as long as it can. */
final class MemoryAnchor implements Anchor {
  private volatile Optional<byte[]> kept = Optional.empty();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  @Override
  public Optional<byte[]> last() {
    return kept;
  }

  @Override
  public void keep(byte[] checkpoint) {
    if (failure.isPresent()) {
      throw failure.get();
    }
    kept = Optional.of(checkpoint);
  }

  /** From now on it has this, or nothing, whatever was kept before. */
  void putBack(Optional<byte[]> checkpoint) {
    kept = checkpoint;
  }

  /** Keeps nothing from now on, and fails like this. */
  void failLike(RuntimeException like) {
    failure = Optional.of(like);
  }

  /** Keeps again. */
  void recover() {
    failure = Optional.empty();
  }
}
