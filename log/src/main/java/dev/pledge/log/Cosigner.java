package dev.pledge.log;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Cosigns checkpoints under a name (C2SP tlog-cosignature), with Ed25519 or ML-DSA-44. Whether the
 * tree is consistent with those cosigned before is for the caller to know.
 *
 * <p>The specification asks for a key of its own for each Ed25519 cosigner, and for another than
 * the log's. It prints without its seed, which stays in memory as long as this does.
 */
public final class Cosigner {
  private final SigningKey key;

  private Cosigner(SigningKey key) {
    this.key = key;
  }

  /**
   * A cosigner with Ed25519, from 32 random bytes.
   *
   * @throws IllegalArgumentException if the name is none for a key, or the seed of another length
   */
  public static Cosigner ed25519(String name, byte[] seed) {
    return new Cosigner(new SigningKey(name, SignatureType.ED25519_COSIGNATURE, seed));
  }

  /**
   * A cosigner with ML-DSA-44, from 32 random bytes; signing is deterministic.
   *
   * @throws IllegalArgumentException if the name is none for a key, or the seed of another length
   */
  public static Cosigner mlDsa44(String name, byte[] seed) {
    return new Cosigner(new SigningKey(name, SignatureType.ML_DSA_44_COSIGNATURE, seed));
  }

  /** The key that verifies what this signs. */
  public VerifierKey verifierKey() {
    return key.verifierKey();
  }

  /**
   * A signature line for a note of this checkpoint, of {@code time} in whole seconds.
   *
   * @throws IllegalArgumentException if the time is not after 1970-01-01T00:00:00Z, or the origin
   *     too long for ML-DSA-44 (255 bytes)
   */
  public NoteSignature cosign(Checkpoint checkpoint, Instant time) {
    long seconds = time.getEpochSecond();
    if (seconds <= 0) {
      throw new IllegalArgumentException("time of a cosignature before 1970; set the clock");
    }
    byte[] signature = key.sign(Cosignature.message(verifierKey(), seconds, checkpoint));
    ByteBuffer timed = ByteBuffer.allocate(Long.BYTES + signature.length);
    timed.putLong(seconds).put(signature);
    return NoteSignature.of(verifierKey(), timed.array());
  }

  @Override
  public String toString() {
    return "Cosigner[" + key + "]";
  }
}
