package dev.pledge.engine.keys;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * Key bytes that can be wiped. Once wiped, every use fails: a wiped key is never mistaken for a key
 * of zeros.
 */
final class Secret implements AutoCloseable {
  static final int KEY_BYTES = 32;

  /** Guarded by this. */
  private final byte[] bytes;

  /** Guarded by this. */
  private boolean wiped;

  /** Guarded by this: wiped because nobody knows whether it may still be used. */
  private boolean locked;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes {@code bytes} over: the caller must not touch the array again. */
  static Secret owning(byte[] bytes) {
    return new Secret(bytes);
  }

  static Secret random(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return new Secret(bytes);
  }

  /**
   * A copy; the caller wipes it.
   *
   * @throws dev.pledge.engine.audit.KeysUnavailable if it is locked
   */
  synchronized byte[] copy() {
    if (locked) {
      throw KeyLease.unavailable();
    }
    if (wiped) {
      throw new IllegalStateException("the key is wiped; lease it again");
    }
    return bytes.clone();
  }

  /** A view for {@code javax.crypto} that fails once this is wiped. */
  SecretKey as(String algorithm) {
    return new View(this, algorithm);
  }

  /** Wipes it; whoever comes to use it is told that keys are not to be had now. */
  synchronized void lock() {
    close();
    locked = true;
  }

  @Override
  public synchronized void close() {
    Arrays.fill(bytes, (byte) 0);
    wiped = true;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  /** {@link SecretKey} is serialisable by declaration; this one refuses. */
  private static final class View implements SecretKey {
    private final transient Secret secret;
    private final String algorithm;

    View(Secret secret, String algorithm) {
      this.secret = secret;
      this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
      return algorithm;
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return secret.copy();
    }

    @Override
    public void destroy() {
      secret.close();
    }

    @Override
    public String toString() {
      return "[redacted]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
      throw new NotSerializableException("a key is never serialised");
    }
  }
}
