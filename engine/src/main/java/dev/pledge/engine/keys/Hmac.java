package dev.pledge.engine.keys;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1), always all 32 bytes. Pooled like {@link AesGcm}. */
final class Hmac {
  static final int BYTES = 32;
  static final String ALGORITHM = "HmacSHA256";

  private final Pool<Mac> macs = new Pool<>(Hmac::newMac);
  private final SecretKey blank = Secret.owning(new byte[Secret.KEY_BYTES]).as(ALGORITHM);

  /** The code of {@code parts} read one after the other: callers prefix lengths where needed. */
  byte[] code(SecretKey key, byte[]... parts) {
    try {
      Mac mac = macs.take();
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      byte[] code = mac.doFinal();
      mac.init(blank);
      macs.give(mac);
      return code;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not compute a message code", e);
    }
  }

  private static Mac newMac() {
    try {
      return Mac.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC-SHA-256; use a full JDK", e);
    }
  }
}
