package dev.pledge.engine.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA-256 (RFC 5869) of the JDK: one key for one use. */
final class Hkdf {
  private static final byte[] NO_SALT = {};

  // The engines keep no key between calls, so nothing needs clearing.
  private final Pool<KDF> engines = new Pool<>(Hkdf::newEngine);

  /** The key that {@code parent} gives for the use named {@code label}. */
  Secret derive(Secret parent, String label) {
    byte[] info = label.getBytes(StandardCharsets.UTF_8);
    return Secret.owning(derive(parent.as("HKDF"), NO_SALT, info, Secret.KEY_BYTES));
  }

  /**
   * The key that {@code parent}, itself 32 random or derived bytes, gives for the one thing {@code
   * info} names (RFC 5869 §3.3: extraction may be skipped).
   */
  Secret expand(Secret parent, byte[] info) {
    return Secret.owning(
        run(HKDFParameterSpec.expandOnly(parent.as("HKDF"), info, Secret.KEY_BYTES)));
  }

  /**
   * Extract, then expand.
   *
   * @throws IllegalArgumentException if {@code length} is over 255 × 32 bytes
   */
  byte[] derive(SecretKey key, byte[] salt, byte[] info, int length) {
    return run(HKDFParameterSpec.ofExtract().addIKM(key).addSalt(salt).thenExpand(info, length));
  }

  private byte[] run(AlgorithmParameterSpec spec) {
    try {
      KDF engine = engines.take();
      byte[] derived = engine.deriveData(spec);
      engines.give(engine);
      return derived;
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalArgumentException("could not derive a key", e);
    }
  }

  private static KDF newEngine() {
    try {
      return KDF.getInstance("HKDF-SHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HKDF; use JDK 25 or newer", e);
    }
  }
}
