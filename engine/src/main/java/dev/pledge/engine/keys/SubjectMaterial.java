package dev.pledge.engine.keys;

import dev.pledge.engine.keys.Part.Tag;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies in a wrapped key. From {@code root} come the keys of marks, history, details and
 * exports, for as long as the person is there. From {@code parts} come those of {@linkplain Part
 * parts}, except of those that were there when something was last forgotten: {@code parts} was
 * drawn anew then, and the keys of what remained were kept, each by itself. So nothing here leads
 * to the key of what was forgotten.
 *
 * <p>Its bytes: the byte 2; {@code root} and {@code parts}, 32 each; then for each key that was
 * kept, in the order of tags, the tag of 16 and the key of 32.
 */
final class SubjectMaterial implements AutoCloseable {
  private static final byte VERSION = 2;
  private static final int KEPT_BYTES = Tag.BYTES + Secret.KEY_BYTES;

  private final Secret root;
  private final Secret parts;
  private final Map<Tag, Secret> kept;

  private SubjectMaterial(Secret root, Secret parts, Map<Tag, Secret> kept) {
    this.root = root;
    this.parts = parts;
    this.kept = kept;
  }

  static SubjectMaterial random(SecureRandom random) {
    return new SubjectMaterial(Secret.random(random), Secret.random(random), Map.of());
  }

  /**
   * Reads what {@link #bytes} made; the caller wipes {@code bytes}.
   *
   * @throws UnsealException if another version of Pledge wrote it
   */
  static SubjectMaterial read(byte[] bytes) {
    int ofKept = bytes.length - 1 - 2 * Secret.KEY_BYTES;
    if (ofKept < 0 || ofKept % KEPT_BYTES != 0 || bytes[0] != VERSION) {
      throw new UnsealException("another version wrote this key of a person; start that one");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    Secret root = take(in);
    Secret parts = take(in);
    Map<Tag, Secret> kept = new TreeMap<>();
    while (in.hasRemaining()) {
      kept.put(Tag.read(in), take(in));
    }
    return new SubjectMaterial(root, parts, kept);
  }

  private static Secret take(ByteBuffer in) {
    byte[] bytes = new byte[Secret.KEY_BYTES];
    in.get(bytes);
    return Secret.owning(bytes);
  }

  /** The same with the keys of nothing but what remains, which it takes over. */
  SubjectMaterial renewed(Map<Tag, Secret> remaining, SecureRandom random) {
    return new SubjectMaterial(
        Secret.owning(root.copy()), Secret.random(random), new TreeMap<>(remaining));
  }

  Secret root() {
    return root;
  }

  /** What the keys of parts come from that are not kept by themselves. */
  Secret parts() {
    return parts;
  }

  /** The key of a part, where it is kept by itself. */
  Optional<Secret> kept(Part part) {
    return kept.isEmpty() ? Optional.empty() : Optional.ofNullable(kept.get(part.tag()));
  }

  /** All of it in the clear; the caller wipes it. */
  byte[] bytes() {
    ByteBuffer out =
        ByteBuffer.allocate(1 + 2 * Secret.KEY_BYTES + kept.size() * KEPT_BYTES).put(VERSION);
    put(out, root);
    put(out, parts);
    kept.forEach(
        (tag, key) -> {
          tag.write(out);
          put(out, key);
        });
    return out.array();
  }

  private static void put(ByteBuffer out, Secret secret) {
    byte[] bytes = secret.copy();
    out.put(bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public void close() {
    root.close();
    parts.close();
    kept.values().forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
