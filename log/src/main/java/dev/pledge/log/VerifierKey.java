package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The public key of whoever signs notes, under a name: what verifiers are configured with. Its text
 * form is {@code <name>+<key id>+<base64 of type and public key>} (C2SP signed-note, "Verifier
 * keys"), and a key has exactly one.
 *
 * <p>Whoever holds the private key may sign under any name: that the name is whose it seems is for
 * whoever hands the verifier key over.
 */
public record VerifierKey(String name, SignatureType type, ByteString publicKey) {
  static final int ID_SIZE = 4;

  /**
   * Throws {@link IllegalArgumentException} if the name is empty or has a space, a plus sign or a
   * control character, and if the public key is none of this type.
   */
  public VerifierKey {
    NoteSyntax.requireName(name);
    if (!type.algorithm().isPublicKey(publicKey.toByteArray())) {
      throw new IllegalArgumentException(
          "malformed public key; give the "
              + type.algorithm().keySize()
              + " bytes of a key for "
              + type);
    }
  }

  /**
   * Reads the text form. The key id has to be the one that follows from the name and the key, in
   * lower-case hex.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static VerifierKey parse(String text) {
    List<String> parts = Arrays.asList(text.split("\\+", 3));
    if (parts.size() < 3) {
      throw new IllegalArgumentException(
          "malformed verifier key; give `name+id+key`, as the signer published it");
    }
    byte[] key = keyOf(parts.get(2));
    SignatureType type = SignatureType.of(key[0]);
    ByteString publicKey = ByteString.of(Arrays.copyOfRange(key, 1, key.length));
    VerifierKey verifierKey = new VerifierKey(parts.get(0), type, publicKey);
    if (!verifierKey.id().toString().equals(parts.get(1))) {
      throw new IllegalArgumentException(
          "wrong key id in a verifier key; copy name, id and key as the signer published them");
    }
    return verifierKey;
  }

  private static byte[] keyOf(String base64) {
    byte[] key;
    try {
      key = NoteSyntax.base64(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "malformed base64 in a verifier key; copy it as the signer published it", e);
    }
    if (key.length == 0) {
      throw new IllegalArgumentException(
          "no key in a verifier key; copy it as the signer published it");
    }
    return key;
  }

  /**
   * The key id that stands in signatures: the first four bytes of SHA-256 over name, newline, type
   * and public key. It tells keys apart and proves nothing.
   */
  public ByteString id() {
    MessageDigest sha256 = Sha256.digest();
    sha256.update(name.getBytes(UTF_8));
    sha256.update((byte) '\n');
    return ByteString.of(Arrays.copyOf(sha256.digest(typedKey()), ID_SIZE));
  }

  /** Name and key id, which identify a key among others. */
  String label() {
    return name + '+' + id();
  }

  boolean verify(byte[] message, byte[] signature) {
    return type.algorithm().verify(publicKey.toByteArray(), message, signature);
  }

  private byte[] typedKey() {
    byte[] key = new byte[1 + publicKey.size()];
    key[0] = type.identifier();
    System.arraycopy(publicKey.toByteArray(), 0, key, 1, publicKey.size());
    return key;
  }

  /** The text form. */
  @Override
  public String toString() {
    return label() + '+' + NoteSyntax.base64(typedKey());
  }
}
