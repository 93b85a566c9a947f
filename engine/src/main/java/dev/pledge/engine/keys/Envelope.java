package dev.pledge.engine.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.BadPaddingException;

/**
 * The form of everything sealed: a version byte, a random 96-bit nonce, ciphertext, tag. {@value
 * #OVERHEAD} bytes longer than the plaintext, whose length it does not hide.
 */
final class Envelope {
  static final int OVERHEAD = 1 + AesGcm.NONCE_BYTES + AesGcm.TAG_BYTES;

  private static final byte VERSION = 1;

  private final AesGcm gcm;
  private final SecureRandom random;

  Envelope(AesGcm gcm, SecureRandom random) {
    this.gcm = gcm;
    this.random = random;
  }

  byte[] seal(Secret key, byte[] aad, byte[] plaintext) {
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = new byte[Math.addExact(plaintext.length, OVERHEAD)];
    sealed[0] = VERSION;
    System.arraycopy(nonce, 0, sealed, 1, nonce.length);
    gcm.encrypt(key.as("AES"), nonce, aad, plaintext, sealed, 1 + nonce.length);
    return sealed;
  }

  /** Opens what {@link #seal} made; {@code what} names it in the error. */
  byte[] open(Secret key, byte[] aad, byte[] sealed, String what) {
    if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
      throw refused(what);
    }
    int from = 1 + AesGcm.NONCE_BYTES;
    byte[] nonce = Arrays.copyOfRange(sealed, 1, from);
    try {
      return gcm.decrypt(key.as("AES"), nonce, aad, sealed, from, sealed.length - from);
    } catch (BadPaddingException e) {
      throw refused(what);
    }
  }

  private static UnsealException refused(String what) {
    return new UnsealException(
        "could not open " + what + ": altered, or sealed for another place or key");
  }
}
