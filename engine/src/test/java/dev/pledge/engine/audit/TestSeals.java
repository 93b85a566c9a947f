package dev.pledge.engine.audit;

import dev.pledge.log.NoteSigner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The two seals with one AES-256 key each, bound to the entry. */
public final class TestSeals {
  private TestSeals() {}

  /** A seal of the intake in that epoch. */
  public static IntakeSeal intake(int epoch) {
    byte[] key = key();
    return new IntakeSeal() {
      @Override
      public Sealed seal(UUID entry, byte[] payload) {
        return new Sealed(epoch, TestSeals.seal(key, entry, payload));
      }

      @Override
      public byte[] open(UUID entry, Sealed sealed) {
        return TestSeals.open(key, entry, sealed.bytes());
      }

      @Override
      public SealedTile sealTile(String log, long index, byte[] entries) {
        byte[] own = key();
        return new SealedTile(
            epoch,
            TestSeals.seal(key, tile(log, index), own),
            TestSeals.seal(own, tile(log, index), entries));
      }

      @Override
      public SealedTile rewrapTile(String log, long index, SealedTile sealed) {
        byte[] own = TestSeals.open(key, tile(log, index), sealed.wrapped());
        return new SealedTile(epoch, TestSeals.seal(key, tile(log, index), own), sealed.bytes());
      }

      @Override
      public byte[] openTile(String log, long index, SealedTile sealed) {
        byte[] own = TestSeals.open(key, tile(log, index), sealed.wrapped());
        return TestSeals.open(own, tile(log, index), sealed.bytes());
      }
    };
  }

  private static UUID tile(String log, long index) {
    return UUID.nameUUIDFromBytes((log + " " + index).getBytes(StandardCharsets.UTF_8));
  }

  /** What signs the log of that name. */
  public static LogSigner signer(String origin) {
    return new LogSigner(origin, List.of(new NoteSigner(origin, key())));
  }

  /** What one person's key does. */
  static final class Person implements SubjectSeal {
    private final byte[] key = key();

    @Override
    public byte[] mark(byte[] nonce) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(nonce);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] seal(UUID entry, byte[] detail) {
      return TestSeals.seal(key, entry, detail);
    }

    @Override
    public long historyPlace(long order) {
      return order + (key[0] & 0xff);
    }

    @Override
    public byte[] sealLine(long place, byte[] line) {
      return TestSeals.seal(key, new UUID(0, place), line);
    }

    @Override
    public byte[] openLine(long place, byte[] sealed) {
      return TestSeals.open(key, new UUID(0, place), sealed);
    }

    byte[] open(UUID entry, byte[] sealed) {
      return TestSeals.open(key, entry, sealed);
    }
  }

  private static byte[] key() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private static byte[] seal(byte[] key, UUID entry, byte[] plaintext) {
    byte[] nonce = new byte[12];
    new SecureRandom().nextBytes(nonce);
    byte[] ciphertext = run(Cipher.ENCRYPT_MODE, key, nonce, entry, plaintext);
    return ByteBuffer.allocate(12 + ciphertext.length).put(nonce).put(ciphertext).array();
  }

  private static byte[] open(byte[] key, UUID entry, byte[] sealed) {
    byte[] nonce = Arrays.copyOf(sealed, 12);
    byte[] ciphertext = Arrays.copyOfRange(sealed, 12, sealed.length);
    return run(Cipher.DECRYPT_MODE, key, nonce, entry, ciphertext);
  }

  private static byte[] run(int mode, byte[] key, byte[] nonce, UUID entry, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
      cipher.updateAAD(entry.toString().getBytes(StandardCharsets.US_ASCII));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not run the cipher", e);
    }
  }
}
