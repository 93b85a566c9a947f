package dev.pledge.log;

import java.util.Arrays;
import java.util.Locale;

/**
 * A rectangle of a Merkle tree: up to {@value #WIDTH} hashes side by side, as C2SP tlog-tiles cuts
 * a tree. The hashes of level 0 are of leaves; each of a level above stands for a full tile of the
 * level below. A tile with fewer hashes is partial: the right edge of a tree that grows.
 *
 * @param level from 0, at most {@value #MAX_LEVEL}
 * @param index its place among the tiles of its level, from 0
 * @param hashes its hashes one after the other, {@value Hash#SIZE} bytes each
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by what it holds, below; never changed.
public record Tile(int level, long index, byte[] hashes) {
  /** Levels of the tree that a tile spans. */
  public static final int HEIGHT = 8;

  /** The most hashes of a tile. */
  public static final int WIDTH = 1 << HEIGHT;

  /** Levels up to here; more than 2⁶³ leaves need no more. */
  public static final int MAX_LEVEL = 7;

  /** Throws {@link IllegalArgumentException} if it is none. */
  public Tile {
    if (level < 0 || level > MAX_LEVEL || index < 0) {
      throw new IllegalArgumentException("no such tile; levels are 0 to " + MAX_LEVEL);
    }
    if (hashes.length == 0 || hashes.length % Hash.SIZE != 0 || hashes.length > WIDTH * Hash.SIZE) {
      throw new IllegalArgumentException("a tile has 1 to " + WIDTH + " whole hashes");
    }
  }

  /** How many hashes it has, 1 to {@value #WIDTH}. */
  public int width() {
    return hashes.length / Hash.SIZE;
  }

  /** Whether it will never change. */
  public boolean isFull() {
    return width() == WIDTH;
  }

  /** One of its hashes. */
  Hash hash(int place) {
    return new Hash(
        ByteString.of(Arrays.copyOfRange(hashes, place * Hash.SIZE, (place + 1) * Hash.SIZE)));
  }

  /** The root of {@code 2^height} of its hashes, the first at {@code place}. */
  Hash root(int place, int height) {
    byte[] row = Arrays.copyOfRange(hashes, place * Hash.SIZE, (place + (1 << height)) * Hash.SIZE);
    return Hash.ofTree(row);
  }

  /** The first hashes of it, as a tree that is smaller sees it. */
  public Tile cut(int width) {
    return width == width()
        ? this
        : new Tile(level, index, Arrays.copyOf(hashes, width * Hash.SIZE));
  }

  /** Its path below the log's, such as {@code tile/0/x001/234.p/8}. */
  public String path() {
    return path(level, index, width());
  }

  private static String path(int level, long index, int width) {
    return "tile/" + level + "/" + pathOf(index, width);
  }

  /** The path of a full tile. */
  static String path(int level, long index) {
    return path(level, index, WIDTH);
  }

  /** The path of a bundle of entries below the log's, such as {@code tile/entries/x001/234.p/8}. */
  public static String entriesPath(long index, int width) {
    return "tile/entries/" + pathOf(index, width);
  }

  private static String pathOf(long index, int width) {
    StringBuilder path = new StringBuilder(String.format(Locale.ROOT, "%03d", index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      path.insert(0, String.format(Locale.ROOT, "x%03d/", rest % 1000));
    }
    return width == WIDTH ? path.toString() : path + ".p/" + width;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tile that
        && level == that.level
        && index == that.index
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes) * 31 + Long.hashCode(index);
  }

  @Override
  public String toString() {
    return path();
  }
}
