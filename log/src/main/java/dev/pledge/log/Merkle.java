package dev.pledge.log;

import java.util.List;

/**
 * Checks proofs about a Merkle tree, as RFC 9162 §2.1.3.2 and §2.1.4.2 have it, every bound
 * included: a proof that is too short, too long, or about a leaf that the tree has not got, is
 * wrong. Proofs are made by {@link Tree}.
 *
 * <p>Pure; safe for all threads.
 */
public final class Merkle {
  private Merkle() {}

  /**
   * Whether the tree of that size and root has the leaf at that place.
   *
   * @param index the leaf's place, from 0
   * @param proof what {@link Tree#inclusion} gives, the hash nearest to the leaf first
   */
  public static boolean isIncluded(Hash leaf, long index, long size, Hash root, List<Hash> proof) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Hash hash = leaf;
    for (Hash sibling : proof) {
      if (last == 0) {
        return false;
      }
      if (isRight(node) || node == last) {
        hash = Hash.ofNode(sibling, hash);
        while (!isRight(node) && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = Hash.ofNode(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /**
   * Whether the newer tree begins with all leaves of the older one, in their places. Of an empty
   * tree nothing can be proven, but that it is itself.
   *
   * @param proof what {@link Tree#consistency} gives
   */
  public static boolean isConsistent(
      long olderSize, Hash olderRoot, long newerSize, Hash newerRoot, List<Hash> proof) {
    if (olderSize < 0 || newerSize < olderSize) {
      return false;
    }
    if (olderSize == newerSize) {
      return proof.isEmpty() && olderRoot.equals(newerRoot);
    }
    if (olderSize == 0 || proof.isEmpty()) {
      return false;
    }
    boolean whole = Long.bitCount(olderSize) == 1;
    Hash start = whole ? olderRoot : proof.getFirst();
    List<Hash> rest = whole ? proof : proof.subList(1, proof.size());
    long node = olderSize - 1;
    long last = newerSize - 1;
    while (isRight(node)) {
      node >>= 1;
      last >>= 1;
    }
    return climb(start, node, last, rest, olderRoot, newerRoot);
  }

  private static boolean climb(
      Hash start, long from, long to, List<Hash> proof, Hash olderRoot, Hash newerRoot) {
    long node = from;
    long last = to;
    Hash older = start;
    Hash newer = start;
    for (Hash sibling : proof) {
      if (last == 0) {
        return false;
      }
      if (isRight(node) || node == last) {
        older = Hash.ofNode(sibling, older);
        newer = Hash.ofNode(sibling, newer);
        while (!isRight(node) && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        newer = Hash.ofNode(newer, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && older.equals(olderRoot) && newer.equals(newerRoot);
  }

  private static boolean isRight(long node) {
    return (node & 1) == 1;
  }
}
