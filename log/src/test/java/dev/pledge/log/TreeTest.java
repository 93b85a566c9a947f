package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tree in tiles, beside the recursive definition of RFC 9162 §2.1 read literally. */
class TreeTest {
  private static final int MOST = 70_000;
  private static final List<Hash> LEAVES =
      IntStream.range(0, MOST)
          .mapToObj(i -> Hash.ofLeaf(ByteBuffer.allocate(4).putInt(i).array()))
          .toList();

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Map<String, Tile> tiles = new HashMap<>();
  private Growth growth = new Growth();

  /** MTH. */
  private static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.ofEmptyTree();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = split(leaves);
    return Hash.ofNode(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  /** PATH. */
  private static List<Hash> path(int m, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int k = split(leaves);
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m < k ? with(path(m, left), root(right)) : with(path(m - k, right), root(left));
  }

  /** SUBPROOF. */
  private static List<Hash> subproof(int m, List<Hash> leaves, boolean known) {
    if (m == leaves.size()) {
      return known ? List.of() : List.of(root(leaves));
    }
    int k = split(leaves);
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m <= k
        ? with(subproof(m, left, known), root(right))
        : with(subproof(m - k, right, false), root(left));
  }

  private static List<Hash> with(List<Hash> proof, Hash last) {
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(last);
    return longer;
  }

  private static int split(List<Hash> leaves) {
    return Integer.highestOneBit(leaves.size() - 1);
  }

  private Tile tile(int level, long index, int width) {
    Tile tile = tiles.get(level + "/" + index);
    assertThat(tile).isNotNull();
    assertThat(tile.width()).isGreaterThanOrEqualTo(width);
    return tile;
  }

  private Tree growTo(int size) {
    while (growth.size() < size) {
      growth.add(LEAVES.get((int) growth.size()));
    }
    for (Tile tile : growth.grown()) {
      tiles.put(tile.level() + "/" + tile.index(), tile);
    }
    return new Tree(size, this::tile);
  }

  @Test
  void rootsAreThoseOfTheDefinitionAtEverySize() {
    for (int size = 0; size <= 1100; size++) {
      Tree tree = growTo(size);
      Hash expected = root(LEAVES.subList(0, size));
      assertThat(growth.root()).isEqualTo(expected);
      assertThat(tree.root()).isEqualTo(expected);
      // A tree goes on from its tiles alone, as after a start.
      growth = new Growth(size, this::tile);
      assertThat(growth.root()).isEqualTo(expected);
    }
  }

  @Test
  void aTileIsThatOfTheRootOrItIsNot() {
    for (int size : new int[] {1, 2, 255, 256, 257, 300, 511, 513, 65_536, 65_793, MOST}) {
      Tree tree = growTo(size);
      Hash root = tree.root();
      for (Tile whole : List.copyOf(tiles.values())) {
        int hashes = size >> (Tile.HEIGHT * whole.level());
        int shown = (int) Math.min(Tile.WIDTH, hashes - whole.index() * Tile.WIDTH);
        int width = 1 + random.nextInt(Math.max(shown, 1));
        for (int each : shown < 1 ? new int[0] : new int[] {width, shown}) {
          Tile tile = whole.cut(each);
          assertThat(tree.has(tile, root)).as("%s of %d", tile, size).isTrue();
          byte[] flipped = tile.hashes().clone();
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
          assertThat(tree.has(new Tile(tile.level(), tile.index(), flipped), root)).isFalse();
          assertThat(tree.has(new Tile(tile.level(), tile.index() + 1, tile.hashes()), root))
              .isFalse();
        }
      }
      assertThat(tree.has(new Tile(7, 0, new byte[Hash.SIZE]), root)).isFalse();
      assertThat(tree.leaf(size - 1)).isEqualTo(LEAVES.get(size - 1));
    }
  }

  @Test
  void proofsAreThoseOfTheDefinitionAndHold() {
    for (int size : sizes()) {
      Tree tree = growTo(size);
      List<Hash> leaves = LEAVES.subList(0, size);
      Hash root = tree.root();
      for (int i = 0; i < 5; i++) {
        int index = random.nextInt(size);
        List<Hash> inclusion = tree.inclusion(index);
        assertThat(inclusion).as("seed %d", seed).isEqualTo(path(index, leaves));
        assertThat(Merkle.isIncluded(LEAVES.get(index), index, size, root, inclusion)).isTrue();
        int older = 1 + random.nextInt(size);
        List<Hash> consistency = tree.consistency(older);
        assertThat(consistency).as("seed %d", seed).isEqualTo(subproof(older, leaves, true));
        Hash olderRoot = root(LEAVES.subList(0, older));
        assertThat(tree.root(older)).isEqualTo(olderRoot);
        assertThat(Merkle.isConsistent(older, olderRoot, size, root, consistency)).isTrue();
      }
    }
  }

  @Test
  void nothingAlteredIsProven() {
    int size = 777;
    Tree tree = growTo(size);
    for (int index : new int[] {0, 255, 256, 511, 768, 776}) {
      List<Hash> proof = tree.inclusion(index);
      for (int other : new int[] {-1, 0, 1, 255, 256, 776, 777}) {
        assertThat(Merkle.isIncluded(LEAVES.get(index), other, size, tree.root(), proof))
            .isEqualTo(other == index);
      }
      for (int i = 0; i < proof.size(); i++) {
        List<Hash> altered = new ArrayList<>(proof);
        byte[] bytes = proof.get(i).value().toByteArray();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        altered.set(i, new Hash(ByteString.of(bytes)));
        assertThat(Merkle.isIncluded(LEAVES.get(index), index, size, tree.root(), altered))
            .as("seed %d", seed)
            .isFalse();
      }
    }
  }

  private int[] sizes() {
    return IntStream.concat(
            IntStream.of(1, 2, 3, 255, 256, 257, 512, 65_535, 65_536, 65_537, MOST),
            random.ints(10, 1, MOST))
        .sorted()
        .toArray();
  }

  @Test
  void asksOnlyForWhatItHas() {
    Tree tree = growTo(300);
    assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusion(300));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusion(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.consistency(301));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tree(-1, this::tile));
    assertThat(tree.consistency(0)).isEmpty();
    assertThat(tree.consistency(300)).isEmpty();
  }
}
