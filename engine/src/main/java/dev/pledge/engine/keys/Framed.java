package dev.pledge.engine.keys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Bytes to authenticate, unambiguous: a label that carries its version, then each part behind its
 * length, so that no two lists of parts give the same bytes.
 */
final class Framed {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(160);

  private Framed() {}

  static Framed of(String label) {
    return new Framed().add(label);
  }

  Framed add(byte[] part) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    out.writeBytes(part);
    return this;
  }

  Framed add(String part) {
    requireWellFormed(part);
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  Framed add(UUID part) {
    return add(bytesOf(part));
  }

  Framed add(long part) {
    return add(ByteBuffer.allocate(Long.BYTES).putLong(part).array());
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static byte[] bytesOf(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  // Unpaired surrogates all encode to `?`: two texts would give the same bytes.
  private static void requireWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw new IllegalArgumentException("malformed text; pair every surrogate");
        }
        i++;
      }
    }
  }
}
