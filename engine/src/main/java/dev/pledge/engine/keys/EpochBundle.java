package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of one epoch: random each, derived from nothing, so that destroying the bundle destroys
 * them. A wrap key for subject keys, an intake key for log payloads, and a blind-index key for each
 * kind of alias.
 */
final class EpochBundle implements AutoCloseable {
  private static final byte VERSION = 1;

  private final Secret wrapKey;
  private final Secret intakeKey;
  private final Map<String, Secret> indexKeys;

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
    int size = 1 + 2 * Secret.KEY_BYTES;
    for (String word : indexKeys.keySet()) {
      size += 1 + word.length() + Secret.KEY_BYTES;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put(VERSION);
    put(out, wrapKey);
    put(out, intakeKey);
    indexKeys.forEach(
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
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
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
    Map<String, Secret> indexKeys = new TreeMap<>();
    while (in.hasRemaining()) {
      byte[] word = new byte[in.get()];
      in.get(word);
      indexKeys.put(new String(word, StandardCharsets.US_ASCII), take(in));
    }
    return new EpochBundle(wrapKey, intakeKey, indexKeys);
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
  }

  @Override
  public void close() {
    wrapKey.close();
    intakeKey.close();
    indexKeys.values().forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
