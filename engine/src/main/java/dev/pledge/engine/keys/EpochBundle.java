package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of one epoch: random each, derived from nothing, so that destroying the bundle destroys
 * them. A wrap key for subject keys, an intake key for log payloads, and a blind-index key for each
 * kind of alias.
 *
 * <p>With them lie the intake keys of the epochs before, which outlast these: the log of data that
 * were restored from an older copy has to be read as long as the law asks, and names nobody.
 */
final class EpochBundle implements AutoCloseable {
  private static final byte VERSION = 1;

  /** In the place of a kind of alias: no kind is named so. */
  private static final String INTAKE = "intake/";

  private final Secret wrapKey;
  private final Secret intakeKey;
  private final Map<String, Secret> indexKeys;
  private final NavigableMap<Integer, Secret> earlierIntakeKeys = new TreeMap<>();

  private EpochBundle(Secret wrapKey, Secret intakeKey, Map<String, Secret> indexKeys) {
    this.wrapKey = wrapKey;
    this.intakeKey = intakeKey;
    this.indexKeys = indexKeys;
  }

  static EpochBundle random(SecureRandom random) {
    EpochBundle bundle =
        new EpochBundle(Secret.random(random), Secret.random(random), new TreeMap<>());
    var _ = bundle.addMissingKinds(random);
    return bundle;
  }

  /** Adds keys for kinds that find people since a newer version; true if there were any. */
  boolean addMissingKinds(SecureRandom random) {
    boolean grown = false;
    for (FieldType type : FieldType.values()) {
      if (type.findsPeople() && !indexKeys.containsKey(type.word())) {
        indexKeys.put(type.word(), Secret.random(random));
        grown = true;
      }
    }
    return grown;
  }

  /** Adds the intake key of an epoch before, and those that lie with it; true if one is new. */
  boolean remember(int epoch, EpochBundle before) {
    boolean grown = rememberIntake(epoch, before.intakeKey);
    for (Map.Entry<Integer, Secret> earlier : before.earlierIntakeKeys.entrySet()) {
      grown |= rememberIntake(earlier.getKey(), earlier.getValue());
    }
    return grown;
  }

  private boolean rememberIntake(int epoch, Secret key) {
    return earlierIntakeKeys.putIfAbsent(epoch, Secret.owning(key.copy())) == null;
  }

  /** The epochs before of which the log can be read. */
  NavigableSet<Integer> earlierIntake() {
    return Collections.unmodifiableNavigableSet(earlierIntakeKeys.navigableKeySet());
  }

  Optional<Secret> earlierIntakeKey(int epoch) {
    return Optional.ofNullable(earlierIntakeKeys.get(epoch));
  }

  Secret wrapKey() {
    return wrapKey;
  }

  Secret intakeKey() {
    return intakeKey;
  }

  Optional<Secret> indexKey(FieldType kind) {
    return Optional.ofNullable(indexKeys.get(kind.word()));
  }

  /** The same keys, to be wiped apart from these. */
  EpochBundle copy() {
    byte[] bytes = bytes();
    try {
      return read(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** All keys in the clear; the caller wipes them. */
  byte[] bytes() {
    Map<String, Secret> named = new TreeMap<>(indexKeys);
    earlierIntakeKeys.forEach((epoch, key) -> named.put(INTAKE + epoch, key));
    int size = 1 + 2 * Secret.KEY_BYTES;
    for (String word : named.keySet()) {
      size += 1 + word.length() + Secret.KEY_BYTES;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put(VERSION);
    put(out, wrapKey);
    put(out, intakeKey);
    named.forEach(
        (word, key) -> {
          out.put((byte) word.length()).put(word.getBytes(StandardCharsets.US_ASCII));
          put(out, key);
        });
    return out.array();
  }

  private static void put(ByteBuffer out, Secret key) {
    byte[] bytes = key.copy();
    out.put(bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  /**
   * Reads what {@link #bytes} made; the caller wipes {@code bytes}.
   *
   * @throws UnsealException if it is something else
   */
  static EpochBundle read(byte[] bytes) {
    try {
      return readWhole(bytes);
    } catch (BufferUnderflowException | NegativeArraySizeException | NumberFormatException e) {
      throw new UnsealException("what was unwrapped is not the keys of an epoch");
    }
  }

  private static EpochBundle readWhole(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.get() != VERSION) {
      throw new KeyStoreRefusedException(
          "the epoch's keys were written by a newer version; start that version or a newer one");
    }
    Secret wrapKey = take(in);
    Secret intakeKey = take(in);
    EpochBundle bundle = new EpochBundle(wrapKey, intakeKey, new TreeMap<>());
    while (in.hasRemaining()) {
      byte[] name = new byte[in.get()];
      in.get(name);
      String word = new String(name, StandardCharsets.US_ASCII);
      if (word.startsWith(INTAKE)) {
        bundle.earlierIntakeKeys.put(Integer.parseInt(word.substring(INTAKE.length())), take(in));
      } else {
        bundle.indexKeys.put(word, take(in));
      }
    }
    return bundle;
  }

  private static Secret take(ByteBuffer in) {
    byte[] bytes = new byte[Secret.KEY_BYTES];
    in.get(bytes);
    return Secret.owning(bytes);
  }

  /** Wipes the keys; whoever comes to use them is told that keys are not to be had now. */
  void lock() {
    wrapKey.lock();
    intakeKey.lock();
    indexKeys.values().forEach(Secret::lock);
    earlierIntakeKeys.values().forEach(Secret::lock);
  }

  @Override
  public void close() {
    wrapKey.close();
    intakeKey.close();
    indexKeys.values().forEach(Secret::close);
    earlierIntakeKeys.values().forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
