package dev.pledge.log;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A SHA-256 hash in the log's Merkle tree (RFC 9162 §2.1.1). Leaves and nodes are hashed with
 * different first bytes, so that neither can be passed off as the other.
 */
public record Hash(ByteString value) {
  /** Bytes of a hash. */
  public static final int SIZE = 32;

  /** The form of a hash in base64, without stray bits. */
  static final String BASE64 = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=";

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /** Throws {@link IllegalArgumentException} unless there are {@value #SIZE} bytes. */
  public Hash {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException("malformed hash; give " + SIZE + " bytes");
    }
  }

  /** The hash of a tree without leaves: SHA-256 of nothing. */
  public static Hash ofEmptyTree() {
    return new Hash(ByteString.of(Sha256.digest().digest()));
  }

  /** The hash of a leaf: SHA-256 of {@code 0x00} and the leaf's bytes. */
  public static Hash ofLeaf(byte[] leaf) {
    MessageDigest sha256 = Sha256.digest();
    sha256.update(LEAF);
    return new Hash(ByteString.of(sha256.digest(leaf)));
  }

  /** The hash of a node: SHA-256 of {@code 0x01}, the left hash and the right hash. */
  public static Hash ofNode(Hash left, Hash right) {
    return ofNode(left.value.toByteArray(), right.value.toByteArray());
  }

  static Hash ofNode(byte[] left, byte[] right) {
    MessageDigest sha256 = Sha256.digest();
    sha256.update(NODE);
    sha256.update(left);
    return new Hash(ByteString.of(sha256.digest(right)));
  }

  /** The root over a power of two of hashes, which lie one after the other; uses them up. */
  static Hash ofTree(byte[] hashes) {
    MessageDigest sha256 = Sha256.digest();
    try {
      for (int count = hashes.length / SIZE; count > 1; count /= 2) {
        for (int i = 0; i < count / 2; i++) {
          sha256.update(NODE);
          sha256.update(hashes, 2 * i * SIZE, 2 * SIZE);
          sha256.digest(hashes, i * SIZE, SIZE);
        }
      }
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 does not have 32 bytes", e);
    }
    return new Hash(ByteString.of(Arrays.copyOf(hashes, SIZE)));
  }

  /**
   * Reads a hash as notes have it.
   *
   * @throws IllegalArgumentException if it is not what {@link #base64} writes
   */
  public static Hash ofBase64(String text) {
    return new Hash(ByteString.of(NoteSyntax.base64(text)));
  }

  /** The hash as notes have it: base64 with the standard alphabet and padding. */
  public String base64() {
    return NoteSyntax.base64(value.toByteArray());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
