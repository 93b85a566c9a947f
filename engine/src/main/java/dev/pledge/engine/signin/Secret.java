package dev.pledge.engine.signin;

import dev.pledge.log.Sha256;
import dev.pledge.policy.names.SubjectId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What opens a session or a link: whose it is, so that it is looked for in one place, and 256
 * random bits. As text it is 64 characters of Base64 for addresses.
 */
final class Secret {
  private static final int RANDOM_BYTES = 32;
  private static final int BYTES = 16 + RANDOM_BYTES;
  private static final int CHARACTERS = BYTES / 3 * 4;

  private final SubjectId subject;
  private final byte[] bytes;

  private Secret(SubjectId subject, byte[] bytes) {
    this.subject = subject;
    this.bytes = bytes;
  }

  static Secret fresh(SubjectId subject, SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    ByteBuffer.wrap(bytes)
        .putLong(subject.value().getMostSignificantBits())
        .putLong(subject.value().getLeastSignificantBits());
    return new Secret(subject, bytes);
  }

  /** Empty if it is none. */
  static Optional<Secret> of(String text) {
    if (text.length() != CHARACTERS) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      return Optional.of(new Secret(new SubjectId(new UUID(in.getLong(), in.getLong())), bytes));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  SubjectId subject() {
    return subject;
  }

  byte[] hash() {
    return Sha256.of(text());
  }

  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
