package dev.pledge.engine.keys;

import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The epochs that live, and the one that new keys are wrapped under. Immutable. */
final class Epochs implements AutoCloseable {
  private final int current;
  private final NavigableMap<Integer, EpochBundle> bundles;

  Epochs(int current, NavigableMap<Integer, EpochBundle> bundles) {
    this.current = current;
    this.bundles = new TreeMap<>(bundles);
  }

  int current() {
    return current;
  }

  /** Oldest first. */
  NavigableSet<Integer> living() {
    return bundles.navigableKeySet();
  }

  /** The keys of {@code epoch}; without them nothing sealed in it opens. */
  EpochBundle bundle(int epoch) {
    @Nullable EpochBundle bundle = bundles.get(epoch);
    if (bundle == null) {
      throw new UnsealException("epoch " + epoch + " does not live; nothing of it can be opened");
    }
    return bundle;
  }

  @Override
  public void close() {
    bundles.values().forEach(EpochBundle::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
