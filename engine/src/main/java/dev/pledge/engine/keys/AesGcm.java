package dev.pledge.engine.keys;

import java.security.GeneralSecurityException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with 96-bit nonces and 128-bit tags (NIST SP 800-38D) over the JDK's own provider.
 *
 * <p>Ciphers are pooled. One that goes back to the pool is first set to a key of zeros, or an idle
 * pool would hold the last person's key for as long as the process lives.
 */
final class AesGcm {
  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private final Pool<Cipher> ciphers = new Pool<>(AesGcm::newCipher);
  private final SecretKey blank = Secret.owning(new byte[Secret.KEY_BYTES]).as("AES");

  /** Writes ciphertext and tag to {@code out} from {@code offset}. */
  void encrypt(SecretKey key, byte[] nonce, byte[] aad, byte[] plaintext, byte[] out, int offset) {
    try {
      Cipher cipher = ready(Cipher.ENCRYPT_MODE, key, nonce, aad);
      cipher.doFinal(plaintext, 0, plaintext.length, out, offset);
      putBack(Cipher.ENCRYPT_MODE, cipher);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not encrypt", e);
    }
  }

  /**
   * The plaintext of {@code length} bytes of ciphertext and tag from {@code offset}.
   *
   * @throws BadPaddingException if key, nonce, associated data, ciphertext or tag is not the one it
   *     was encrypted with
   */
  byte[] decrypt(SecretKey key, byte[] nonce, byte[] aad, byte[] in, int offset, int length)
      throws BadPaddingException {
    try {
      Cipher cipher = ready(Cipher.DECRYPT_MODE, key, nonce, aad);
      byte[] plaintext = cipher.doFinal(in, offset, length);
      putBack(Cipher.DECRYPT_MODE, cipher);
      return plaintext;
    } catch (BadPaddingException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not decrypt", e);
    }
  }

  private Cipher ready(int mode, SecretKey key, byte[] nonce, byte[] aad)
      throws GeneralSecurityException {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has " + NONCE_BYTES + " bytes");
    }
    Cipher cipher = ciphers.take();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(aad);
    return cipher;
  }

  // In the mode just used: the provider keeps an encryption key apart from a decryption key.
  private void putBack(int mode, Cipher cipher) throws GeneralSecurityException {
    cipher.init(mode, blank, new GCMParameterSpec(TAG_BYTES * 8, new byte[NONCE_BYTES]));
    ciphers.give(cipher);
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-GCM; use a full JDK", e);
    }
  }
}
