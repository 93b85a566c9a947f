package dev.pledge.engine.keys;

import java.security.GeneralSecurityException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with 96-bit nonces and 128-bit tags (NIST SP 800-38D) over the JDK's own provider.
 *
 * <p>Ciphers are pooled. One that was used, whatever came of it, is first set to a key of zeros, or
 * an idle pool would hold the last person's key for as long as the process lives.
 */
final class AesGcm {
  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private final Pool<Cipher> ciphers;
  private final SecretKey blank = Secret.owning(new byte[Secret.KEY_BYTES]).as("AES");

  AesGcm() {
    this(new Pool<>(AesGcm::newCipher));
  }

  AesGcm(Pool<Cipher> ciphers) {
    this.ciphers = ciphers;
  }

  /** Writes ciphertext and tag to {@code out} from {@code offset}. */
  void encrypt(SecretKey key, byte[] nonce, byte[] aad, byte[] plaintext, byte[] out, int offset) {
    Cipher cipher = take(nonce);
    try {
      ready(cipher, Cipher.ENCRYPT_MODE, key, nonce, aad);
      cipher.doFinal(plaintext, 0, plaintext.length, out, offset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not encrypt", e);
    } finally {
      putBack(Cipher.ENCRYPT_MODE, cipher);
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
    Cipher cipher = take(nonce);
    try {
      ready(cipher, Cipher.DECRYPT_MODE, key, nonce, aad);
      return cipher.doFinal(in, offset, length);
    } catch (BadPaddingException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not decrypt", e);
    } finally {
      putBack(Cipher.DECRYPT_MODE, cipher);
    }
  }

  private Cipher take(byte[] nonce) {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has " + NONCE_BYTES + " bytes");
    }
    return ciphers.take();
  }

  private static void ready(Cipher cipher, int mode, SecretKey key, byte[] nonce, byte[] aad)
      throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(aad);
  }

  // In the mode just used: the provider keeps an encryption key apart from a decryption key. A
  // cipher that does not take the key of zeros is left to the garbage collector.
  private void putBack(int mode, Cipher cipher) {
    try {
      cipher.init(mode, blank, new GCMParameterSpec(TAG_BYTES * 8, new byte[NONCE_BYTES]));
    } catch (GeneralSecurityException e) {
      return;
    }
    ciphers.give(cipher);
  }

  static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-GCM; use a full JDK", e);
    }
  }
}
