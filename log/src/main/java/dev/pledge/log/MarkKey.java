package dev.pledge.log;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What one person's entries are recognised by: the key of their marks, HMAC-SHA-256 (RFC 2104) over
 * an entry's nonce. It opens nothing. Whoever has it and a copy of the log knows which entries are
 * about the person, for as long as they keep both.
 *
 * <p>Of one thread. Prints as {@code [redacted]}.
 */
public final class MarkKey {
  /** Bytes of a key. */
  public static final int SIZE = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;
  private final Mac mac;

  private MarkKey(byte[] key) {
    this.key = key;
    try {
      this.mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC-SHA-256; use a full JDK", e);
    }
  }

  /**
   * The key of these bytes.
   *
   * @throws IllegalArgumentException unless there are {@value #SIZE}
   */
  public static MarkKey of(byte[] key) {
    if (key.length != SIZE) {
      throw new IllegalArgumentException("a mark key has " + SIZE + " bytes");
    }
    return new MarkKey(key.clone());
  }

  /** Whether the entry has the mark that this key makes. */
  public boolean marks(Entry entry) {
    return entry.mark().filter(mark -> mark.equals(mark(entry.nonce()))).isPresent();
  }

  private ByteString mark(ByteString nonce) {
    return ByteString.of(mac.doFinal(nonce.toByteArray()));
  }

  /** SHA-256 of the key, by which a {@link Statement} names it. */
  public Hash hash() {
    return new Hash(ByteString.of(Sha256.digest().digest(key)));
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
