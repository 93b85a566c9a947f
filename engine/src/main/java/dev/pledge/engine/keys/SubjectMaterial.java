package dev.pledge.engine.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies in a wrapped key: the person's secret, from which every key of theirs comes, and a salt
 * for each {@linkplain Part part} that was forgotten since the key was made. A salt that is
 * replaced is nowhere any more, and with it goes what only it led to; all else stays as it is
 * sealed.
 *
 * <p>Its bytes: the secret of 32; where there are salts, the byte 1, then for each part, in the
 * order of their names, the length of its name in two bytes, the name in UTF-8, and 16 bytes of
 * salt.
 */
final class SubjectMaterial implements AutoCloseable {
  private static final byte VERSION = 1;
  private static final int SALT_BYTES = 16;

  private final Secret root;
  private final Map<String, Secret> salts;

  private SubjectMaterial(Secret root, Map<String, Secret> salts) {
    this.root = root;
    this.salts = salts;
  }

  static SubjectMaterial random(SecureRandom random) {
    return new SubjectMaterial(Secret.random(random), Map.of());
  }

  /**
   * Reads what {@link #bytes} made; the caller wipes {@code bytes}.
   *
   * @throws UnsealException if it is of a newer version
   */
  static SubjectMaterial read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Secret root = take(in, Secret.KEY_BYTES);
    Map<String, Secret> salts = new TreeMap<>();
    if (in.hasRemaining() && in.get() != VERSION) {
      root.close();
      throw new UnsealException("a subject's key was written by a newer version; start that one");
    }
    while (in.hasRemaining()) {
      byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(name);
      salts.put(new String(name, StandardCharsets.UTF_8), take(in, SALT_BYTES));
    }
    return new SubjectMaterial(root, salts);
  }

  private static Secret take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Secret.owning(bytes);
  }

  /** The same with new salts for these parts. */
  SubjectMaterial renewed(Collection<Part> parts, SecureRandom random) {
    Map<String, Secret> renewed = new TreeMap<>();
    salts.forEach((name, salt) -> renewed.put(name, Secret.owning(salt.copy())));
    for (Part part : parts) {
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      Secret before = renewed.put(part.name(), Secret.owning(salt));
      if (before != null) {
        before.close();
      }
    }
    return new SubjectMaterial(Secret.owning(root.copy()), renewed);
  }

  Secret root() {
    return root;
  }

  /** The salt of a part that was forgotten; empty for all others. */
  Optional<Secret> salt(String part) {
    return Optional.ofNullable(salts.get(part));
  }

  /** All of it in the clear; the caller wipes it. */
  byte[] bytes() {
    int size = Secret.KEY_BYTES + (salts.isEmpty() ? 0 : 1);
    for (String name : salts.keySet()) {
      size += Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length + SALT_BYTES;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    put(out, root);
    if (!salts.isEmpty()) {
      out.put(VERSION);
    }
    salts.forEach(
        (part, salt) -> {
          byte[] name = part.getBytes(StandardCharsets.UTF_8);
          out.putShort((short) name.length).put(name);
          put(out, salt);
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
    salts.values().forEach(Secret::close);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
