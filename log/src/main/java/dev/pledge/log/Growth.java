package dev.pledge.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tree while leaves are added to it: knows its right edge alone, and gives the tiles that came to
 * be or grew. Of one thread.
 *
 * <p>Takes 8 KiB a level, whatever the size. {@link Tree} finds in the tiles what this made of
 * them.
 */
public final class Growth {
  private final List<Edge> edges = new ArrayList<>();
  private final List<Tile> full = new ArrayList<>();
  private long size;

  /** A tree without leaves. */
  public Growth() {}

  /**
   * A tree that has leaves already.
   *
   * @param tiles its tiles, of which those of the right edge are read
   */
  public Growth(long size, Tree.Tiles tiles) {
    this.size = size;
    long count = size;
    for (int level = 0; count > 0; level++, count /= Tile.WIDTH) {
      Edge edge = edge(level);
      edge.index = count / Tile.WIDTH;
      edge.width = (int) (count % Tile.WIDTH);
      if (edge.width > 0) {
        byte[] hashes = tiles.tile(level, edge.index, edge.width).hashes();
        System.arraycopy(hashes, 0, edge.hashes, 0, edge.width * Hash.SIZE);
      }
    }
  }

  /** Adds a leaf. */
  public void add(Hash leaf) {
    size = Math.incrementExact(size);
    add(0, leaf);
  }

  /** How many leaves there are. */
  public long size() {
    return size;
  }

  /** The root over all leaves. */
  public Hash root() {
    return new Tree(size, this::ofTheEdge).root();
  }

  /** The tiles that became full since this was asked before, then the partial ones there are. */
  public List<Tile> grown() {
    List<Tile> grown = new ArrayList<>(full);
    full.clear();
    for (int level = 0; level < edges.size(); level++) {
      Edge edge = edges.get(level);
      if (edge.width > 0 && edge.grew) {
        grown.add(edge.tile(level));
        edge.grew = false;
      }
    }
    return grown;
  }

  /** All partial tiles there are. */
  public List<Tile> edge() {
    List<Tile> partial = new ArrayList<>();
    for (int level = 0; level < edges.size(); level++) {
      if (edges.get(level).width > 0) {
        partial.add(edges.get(level).tile(level));
      }
    }
    return partial;
  }

  private void add(int level, Hash hash) {
    Edge edge = edge(level);
    byte[] bytes = hash.value().toByteArray();
    System.arraycopy(bytes, 0, edge.hashes, edge.width * Hash.SIZE, Hash.SIZE);
    edge.width++;
    edge.grew = true;
    if (edge.width == Tile.WIDTH) {
      Tile tile = edge.tile(level);
      full.add(tile);
      edge.index++;
      edge.width = 0;
      add(level + 1, Hash.ofTree(tile.hashes().clone()));
    }
  }

  private Edge edge(int level) {
    while (edges.size() <= level) {
      edges.add(new Edge());
    }
    return edges.get(level);
  }

  private Tile ofTheEdge(int level, long index, int width) {
    Edge edge = edges.get(level);
    if (edge.index != index || edge.width < width) {
      throw new IllegalStateException("the right edge has no such tile");
    }
    return edge.tile(level);
  }

  private static final class Edge {
    private final byte[] hashes = new byte[Tile.WIDTH * Hash.SIZE];
    private long index;
    private int width;
    private boolean grew;

    Tile tile(int level) {
      return new Tile(level, index, Arrays.copyOf(hashes, width * Hash.SIZE));
    }
  }
}
