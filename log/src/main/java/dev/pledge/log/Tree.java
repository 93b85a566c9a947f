package dev.pledge.log;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Merkle tree of RFC 9162 over the tiles it is kept in: its root at each size it has had, and
 * proofs (§2.1.3.1, §2.1.4.1). A proof over <i>n</i> leaves looks at a few tiles a level, whatever
 * <i>n</i>.
 */
public final class Tree {
  /** Where the tiles are. */
  @FunctionalInterface
  public interface Tiles {
    /**
     * The tile with at least that many hashes.
     *
     * @throws IllegalStateException if it is not there
     */
    Tile tile(int level, long index, int width);
  }

  private final Tiles tiles;
  private final long size;

  /**
   * @param size how many leaves; the tiles have at least these
   * @throws IllegalArgumentException if it is negative
   */
  public Tree(long size, Tiles tiles) {
    if (size < 0) {
      throw new IllegalArgumentException("a tree has 0 leaves or more");
    }
    this.size = size;
    this.tiles = tiles;
  }

  /** A tree of its own over these leaves. */
  public static Tree of(List<Hash> leaves) {
    Growth growth = new Growth();
    leaves.forEach(growth::add);
    Map<Integer, Map<Long, Tile>> tiles = new HashMap<>();
    for (Tile tile : growth.grown()) {
      tiles.computeIfAbsent(tile.level(), level -> new HashMap<>()).put(tile.index(), tile);
    }
    return new Tree(
        leaves.size(),
        (level, index, width) -> requireNonNull(requireNonNull(tiles.get(level)).get(index)));
  }

  /** The root. */
  public Hash root() {
    return root(size);
  }

  /** The root it had with fewer leaves. */
  public Hash root(long older) {
    requireWithin(older);
    return older == 0 ? Hash.ofEmptyTree() : range(0, older);
  }

  /**
   * The leaf hash at a place.
   *
   * @throws IllegalArgumentException if the tree has no such leaf
   */
  public Hash leaf(long index) {
    requireLeaf(index);
    return range(index, index + 1);
  }

  /** Whether all hashes of the tile are those that a tree of this size and that root has there. */
  public boolean has(Tile tile, Hash root) {
    int place = 0;
    while (place < tile.width()) {
      // The largest whole tree that is left: each begins at a multiple of its width.
      int width = Integer.highestOneBit(tile.width() - place);
      if (!hasWhole(tile, place, width, root)) {
        return false;
      }
      place += width;
    }
    return true;
  }

  private boolean hasWhole(Tile tile, int place, int width, Hash root) {
    int within = Integer.numberOfTrailingZeros(width);
    int height = Tile.HEIGHT * tile.level() + within;
    long index = (tile.index() * Tile.WIDTH + place) >> within;
    if (height >= Long.SIZE - 1 || index < 0 || index >= size >> height) {
      return false;
    }
    // Over whole trees of that height instead of leaves, the tree is that of the RFC as well.
    long nodes = ((size - 1) >> height) + 1;
    List<Hash> proof = siblings(index << height, 1L << height);
    return Merkle.isIncluded(tile.root(place, within), index, nodes, root, proof);
  }

  /**
   * Proves that the leaf is in the tree, for {@link Merkle#isIncluded}.
   *
   * @throws IllegalArgumentException if the tree has no such leaf
   */
  public List<Hash> inclusion(long index) {
    requireLeaf(index);
    return siblings(index, 1);
  }

  private void requireLeaf(long index) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("the tree has " + size + " leaves; name one of them");
    }
  }

  /** What leads to the root from the whole tree of so many leaves, a power of two, at a place. */
  private List<Hash> siblings(long index, long leaves) {
    long low = 0;
    long high = size;
    List<Hash> siblings = new ArrayList<>();
    while (high - low > leaves) {
      long middle = low + split(high - low);
      if (index < middle) {
        siblings.add(range(middle, high));
        high = middle;
      } else {
        siblings.add(range(low, middle));
        low = middle;
      }
    }
    return List.copyOf(siblings.reversed());
  }

  /**
   * Proves that the tree begins with all leaves it had, for {@link Merkle#isConsistent}.
   *
   * @throws IllegalArgumentException if it never had so many
   */
  public List<Hash> consistency(long older) {
    requireWithin(older);
    if (older == 0 || older == size) {
      return List.of();
    }
    List<Hash> siblings = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high != older) {
      long middle = low + split(high - low);
      if (older <= middle) {
        siblings.add(range(middle, high));
        high = middle;
      } else {
        siblings.add(range(low, middle));
        low = middle;
      }
    }
    if (low != 0) {
      siblings.add(range(low, high));
    }
    return List.copyOf(siblings.reversed());
  }

  private void requireWithin(long older) {
    if (older < 0 || older > size) {
      throw new IllegalArgumentException("the tree has " + size + " leaves; name no more");
    }
  }

  /** The root of some leaves that lie as a tree of their own would. */
  private Hash range(long low, long high) {
    long count = high - low;
    if (Long.bitCount(count) == 1) {
      return whole(low, Long.numberOfTrailingZeros(count));
    }
    long middle = low + split(count);
    return Hash.ofNode(range(low, middle), range(middle, high));
  }

  /** The root of {@code 2^height} leaves, out of the tile that has it or what is just below it. */
  private Hash whole(long low, int height) {
    int level = height / Tile.HEIGHT;
    int within = height % Tile.HEIGHT;
    long first = low >> (Tile.HEIGHT * level);
    int place = (int) (first % Tile.WIDTH);
    return tiles.tile(level, first / Tile.WIDTH, place + (1 << within)).root(place, within);
  }

  /** The largest power of two below {@code count}. */
  private static long split(long count) {
    return Long.highestOneBit(count - 1);
  }
}
