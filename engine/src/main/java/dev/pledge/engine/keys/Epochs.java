package dev.pledge.engine.keys;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The epochs that live, the one that new keys are wrapped under, and their keys for as long as the
 * {@linkplain KeyLease lease} on them lives. Once they are locked they are wiped; which keys they
 * were is known by a code of each, so that no others are taken in their place.
 *
 * <p>Safe for use by many threads: whoever asks twice may be told of two moments.
 */
final class Epochs implements AutoCloseable {
  /** Those of one moment. */
  private record Living(int current, NavigableMap<Integer, EpochBundle> bundles) {}

  private final KeyLease lease;
  private final Hmac hmac;

  // Of this opening alone: a code tells nothing of the keys it is of.
  private final Secret codeKey;

  /** Guarded by this. */
  private final Map<Integer, byte[]> codes = new HashMap<>();

  /** Guarded by this: the keys are wiped. */
  private boolean locked;

  private volatile Living living;

  Epochs(
      int current,
      NavigableMap<Integer, EpochBundle> bundles,
      KeyLease lease,
      Primitives primitives) {
    this.lease = lease;
    this.hmac = primitives.hmac();
    this.codeKey = Secret.random(primitives.random());
    this.living = new Living(current, Collections.unmodifiableNavigableMap(new TreeMap<>(bundles)));
    bundles.forEach(this::know);
  }

  private void know(int epoch, EpochBundle bundle) {
    byte[] bytes = bundle.bytes();
    codes.put(epoch, code(bytes));
    Arrays.fill(bytes, (byte) 0);
  }

  private byte[] code(byte[] bundle) {
    return hmac.code(codeKey.as(Hmac.ALGORITHM), bundle);
  }

  /** Whether these are the keys that the epoch has had here; takes as long wherever they differ. */
  synchronized boolean knows(int epoch, byte[] bundle) {
    byte[] known = codes.get(epoch);
    return known != null && MessageDigest.isEqual(known, code(bundle));
  }

  /** Whether the keys may be used. */
  boolean areUsable() {
    return lease.isLive();
  }

  /**
   * Passes if the keys may be used.
   *
   * @throws dev.pledge.engine.audit.KeysUnavailable if not
   */
  void requireUsable() {
    lease.requireLive();
  }

  /** Wipes the keys of all epochs until they are {@linkplain #unlock given back}. */
  synchronized void lock() {
    lease.end();
    locked = true;
    living.bundles().values().forEach(EpochBundle::lock);
  }

  /**
   * Whether the lease goes on, since these keys were seen again when asked for; false if locked.
   */
  synchronized boolean renew(long asked) {
    if (locked || !lease.isLive()) {
      return false;
    }
    lease.renew(asked);
    return true;
  }

  /** The keys again, which are those that were known; the caller's own are nobody else's. */
  synchronized void unlock(NavigableMap<Integer, EpochBundle> bundles, long asked) {
    living.bundles().values().forEach(EpochBundle::lock);
    living =
        new Living(living.current(), Collections.unmodifiableNavigableMap(new TreeMap<>(bundles)));
    locked = false;
    lease.renew(asked);
  }

  int current() {
    return living.current();
  }

  /** Oldest first. */
  NavigableSet<Integer> living() {
    return living.bundles().navigableKeySet();
  }

  /**
   * The keys of {@code epoch}; without them nothing sealed in it opens.
   *
   * @throws dev.pledge.engine.audit.KeysUnavailable if they may not be used now
   */
  EpochBundle bundle(int epoch) {
    lease.requireLive();
    @Nullable EpochBundle bundle = living.bundles().get(epoch);
    if (bundle == null) {
      throw new UnsealException("epoch " + epoch + " does not live; nothing of it can be opened");
    }
    return bundle;
  }

  /**
   * The key that opens what the log has of {@code epoch}; it outlasts the epoch.
   *
   * @throws dev.pledge.engine.audit.KeysUnavailable if it may not be used now
   */
  Secret intakeKey(int epoch) {
    Living now = living;
    @Nullable EpochBundle bundle = now.bundles().get(epoch);
    if (bundle != null) {
      lease.requireLive();
      return bundle.intakeKey();
    }
    return bundle(now.current())
        .earlierIntakeKey(epoch)
        .orElseThrow(
            () -> new UnsealException("the log's entries of epoch " + epoch + " open no more"));
  }

  /** The epochs of which the log can be read. */
  NavigableSet<Integer> readable() {
    Living now = living;
    NavigableSet<Integer> readable = new TreeSet<>(now.bundles().keySet());
    readable.addAll(bundle(now.current()).earlierIntake());
    return readable;
  }

  /** From here on new keys are wrapped under {@code epoch}. */
  synchronized void begin(int epoch, EpochBundle bundle) {
    NavigableMap<Integer, EpochBundle> more = new TreeMap<>(living.bundles());
    more.put(epoch, bundle);
    know(epoch, bundle);
    living = new Living(epoch, Collections.unmodifiableNavigableMap(more));
  }

  /** From here on nothing of {@code epoch}, which is not the current one, opens here. */
  synchronized void forget(int epoch) {
    NavigableMap<Integer, EpochBundle> fewer = new TreeMap<>(living.bundles());
    @Nullable EpochBundle gone = fewer.remove(epoch);
    codes.remove(epoch);
    living = new Living(living.current(), Collections.unmodifiableNavigableMap(fewer));
    if (gone != null) {
      gone.close();
    }
  }

  @Override
  public void close() {
    living.bundles().values().forEach(EpochBundle::close);
    codeKey.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
