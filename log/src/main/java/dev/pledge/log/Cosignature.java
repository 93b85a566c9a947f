package dev.pledge.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Somebody else's signature on a log's checkpoint (C2SP tlog-cosignature): as of {@code time}, the
 * cosigner had seen no larger tree of this log, and none that is inconsistent with this one. It
 * says nothing of what is in the leaves.
 *
 * @param time the cosigner's own clock, in whole seconds; 1970-01-01T00:00:00Z where the cosigner
 *     says nothing of when, and so not that the tree was the largest
 */
public record Cosignature(VerifierKey cosigner, Instant time) {
  private static final int TIME_SIZE = Long.BYTES;
  private static final int MAX_OPAQUE = 255;

  /**
   * Verifies a cosignature; empty unless the key made it over this text, the text is a checkpoint,
   * and the time is one that {@link Instant} can hold (until the year 1,000,000,000).
   *
   * @param signature eight bytes of time and the signature, as after the key id in its line
   * @throws IllegalArgumentException if the key is none that cosigns
   */
  public static Optional<Cosignature> verify(
      VerifierKey cosigner, String text, ByteString signature) {
    requireCosigner(cosigner);
    byte[] bytes = signature.toByteArray();
    if (bytes.length <= TIME_SIZE) {
      return Optional.empty();
    }
    long time = ByteBuffer.wrap(bytes).getLong();
    if (time < 0 || time > Instant.MAX.getEpochSecond()) {
      return Optional.empty();
    }
    byte[] message;
    try {
      message = message(cosigner, time, Checkpoint.parse(text));
    } catch (MalformedNote | IllegalArgumentException _) {
      return Optional.empty();
    }
    if (!cosigner.verify(message, Arrays.copyOfRange(bytes, TIME_SIZE, bytes.length))) {
      return Optional.empty();
    }
    return Optional.of(new Cosignature(cosigner, Instant.ofEpochSecond(time)));
  }

  /** Whether the cosigner says when, as a witness has to (C2SP tlog-witness, add-checkpoint). */
  public boolean isDated() {
    return !time.equals(Instant.EPOCH);
  }

  /** What is signed. */
  static byte[] message(VerifierKey cosigner, long time, Checkpoint checkpoint) {
    requireCosigner(cosigner);
    return switch (cosigner.type().algorithm()) {
      case ED25519 -> ("cosignature/v1\ntime " + time + '\n' + checkpoint.text()).getBytes(UTF_8);
      case ML_DSA_44 -> structure(cosigner.name(), time, checkpoint);
    };
  }

  private static void requireCosigner(VerifierKey key) {
    if (!key.type().isCosignature()) {
      throw new IllegalArgumentException(
          "`" + key.label() + "` cannot cosign; give a key of type 4 or 6");
    }
  }

  /** The structure {@code cosigned_message}, for a tree from its first leaf on. */
  private static byte[] structure(String cosigner, long time, Checkpoint checkpoint) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes("subtree/v1\n\0".getBytes(US_ASCII));
    writeOpaque(message, cosigner);
    writeNumber(message, time);
    writeOpaque(message, checkpoint.origin());
    writeNumber(message, 0);
    writeNumber(message, checkpoint.size());
    message.writeBytes(checkpoint.root().value().toByteArray());
    return message.toByteArray();
  }

  private static void writeOpaque(ByteArrayOutputStream message, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length > MAX_OPAQUE) {
      throw new IllegalArgumentException(
          "origin or name too long for an ML-DSA-44 cosignature; give at most 255 bytes");
    }
    message.write(bytes.length);
    message.writeBytes(bytes);
  }

  private static void writeNumber(ByteArrayOutputStream message, long number) {
    message.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }
}
