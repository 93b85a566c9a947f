package dev.pledge.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of up to {@value Tile#WIDTH} entries side by side, as C2SP tlog-tiles has them: each
 * behind its length in two bytes, big-endian.
 */
public final class EntryBundle {
  /** The most bytes of a bundle; no other file of a log has as many. */
  public static final int MAX_SIZE = Tile.WIDTH * (Short.BYTES + Entry.MAX_SIZE);

  private EntryBundle() {}

  /**
   * Puts them together.
   *
   * @throws IllegalArgumentException if there are too many or one is too long
   */
  public static byte[] encode(List<byte[]> entries) {
    requireCount(entries.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      if (entry.length > Entry.MAX_SIZE) {
        throw new IllegalArgumentException("an entry has at most " + Entry.MAX_SIZE + " bytes");
      }
      out.write(entry.length >> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /**
   * Takes them apart; what they hold is not looked at.
   *
   * @throws IllegalArgumentException if it is no bundle
   */
  public static List<byte[]> decode(byte[] bundle) {
    ByteBuffer in = ByteBuffer.wrap(bundle);
    List<byte[]> entries = new ArrayList<>();
    while (in.hasRemaining()) {
      if (in.remaining() < Short.BYTES) {
        throw cutOff();
      }
      byte[] entry = new byte[Short.toUnsignedInt(in.getShort())];
      if (in.remaining() < entry.length) {
        throw cutOff();
      }
      in.get(entry);
      entries.add(entry);
      requireCount(entries.size());
    }
    return entries;
  }

  private static void requireCount(int count) {
    if (count > Tile.WIDTH) {
      throw new IllegalArgumentException("a bundle has at most " + Tile.WIDTH + " entries");
    }
  }

  private static IllegalArgumentException cutOff() {
    return new IllegalArgumentException("the bundle of entries is cut off");
  }
}
