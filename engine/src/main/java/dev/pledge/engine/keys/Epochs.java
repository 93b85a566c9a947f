package dev.pledge.engine.keys;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The epochs that live, and the one that new keys are wrapped under. Safe for use by many threads:
 * whoever asks twice may be told of two moments.
 */
final class Epochs implements AutoCloseable {
  /** Those of one moment. */
  private record Living(int current, NavigableMap<Integer, EpochBundle> bundles) {}

  private volatile Living living;

  Epochs(int current, NavigableMap<Integer, EpochBundle> bundles) {
    this.living = new Living(current, Collections.unmodifiableNavigableMap(new TreeMap<>(bundles)));
  }

  int current() {
    return living.current();
  }

  /** Oldest first. */
  NavigableSet<Integer> living() {
    return living.bundles().navigableKeySet();
  }

  /** The keys of {@code epoch}; without them nothing sealed in it opens. */
  EpochBundle bundle(int epoch) {
    @Nullable EpochBundle bundle = living.bundles().get(epoch);
    if (bundle == null) {
      throw new UnsealException("epoch " + epoch + " does not live; nothing of it can be opened");
    }
    return bundle;
  }

  /** From here on new keys are wrapped under {@code epoch}. */
  synchronized void begin(int epoch, EpochBundle bundle) {
    NavigableMap<Integer, EpochBundle> more = new TreeMap<>(living.bundles());
    more.put(epoch, bundle);
    living = new Living(epoch, Collections.unmodifiableNavigableMap(more));
  }

  /** From here on nothing of {@code epoch}, which is not the current one, opens here. */
  synchronized void forget(int epoch) {
    NavigableMap<Integer, EpochBundle> fewer = new TreeMap<>(living.bundles());
    @Nullable EpochBundle gone = fewer.remove(epoch);
    living = new Living(living.current(), Collections.unmodifiableNavigableMap(fewer));
    if (gone != null) {
      gone.close();
    }
  }

  @Override
  public void close() {
    living.bundles().values().forEach(EpochBundle::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
