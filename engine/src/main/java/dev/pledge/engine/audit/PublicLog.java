package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Hash;
import dev.pledge.log.Merkle;
import dev.pledge.log.Quorum;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.Tile;
import dev.pledge.log.Tree;
import dev.pledge.log.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What anybody may know of a log: its checkpoints, the hashes of its tree, proofs. Nothing of it
 * says what an entry holds. What is answered is verified first, up to the root that was signed.
 *
 * <p>Safe for use by many threads. When the database cannot serve, calls throw {@link
 * dev.pledge.engine.store.DatabaseUnavailable}; when the log does not hold what it should, {@link
 * LogBroken}.
 *
 * <p>Source: IV.2, V.1.
 */
public final class PublicLog {
  private final String log;
  private final Database database;
  private final LogSigner signer;
  private final Trees trees;
  private final Quorum quorum;
  private final Served served;

  /**
   * The log of that name.
   *
   * @param quorum how many of which witnesses have to cosign what is shown
   */
  public PublicLog(String log, Database database, LogSigner signer, Quorum quorum) {
    this.log = log;
    this.database = database;
    this.signer = signer;
    this.trees = new Trees(log);
    this.quorum = quorum;
    this.served = new Served(log, signer, quorum);
  }

  /** The log's name here. */
  public String name() {
    return log;
  }

  /** The log's name to the world, with which its checkpoints begin. */
  public String origin() {
    return signer.origin();
  }

  /**
   * What checkpoints and receipts are verified with; while the log changes its key, with either.
   */
  public List<VerifierKey> verifierKeys() {
    return signer.verifierKeys();
  }

  /** What receipts of before a change of the key are verified with, the newest first. */
  public List<RetiredKey> retiredKeys() {
    return signer.retired();
  }

  /** How many witnesses have to cosign what is shown. */
  public int quorum() {
    return quorum.threshold();
  }

  /**
   * The newest checkpoint that enough witnesses cosigned, a signed note with their cosignatures;
   * empty before the first.
   */
  public Optional<byte[]> checkpoint() {
    return served.checkpoint(database).map(Served.Shown::note);
  }

  /** How many entries that checkpoint covers; 0 before the first. */
  public long size() {
    return served.checkpoint(database).map(Served.Shown::size).orElse(0L);
  }

  /**
   * That many hashes of a tile, which lead to the root of the newest checkpoint that is shown.
   *
   * @return empty if no checkpoint covers them
   */
  public Optional<Tile> tile(int level, long index, int width) {
    return database.read(
        handle ->
            served
                .checkpoint(handle)
                .filter(shown -> covers(shown.size() >> (Tile.HEIGHT * level), index, width))
                .map(shown -> tile(shown, trees.tiles(handle), level, index, width)));
  }

  private static boolean covers(long hashes, long index, int width) {
    long full = hashes / Tile.WIDTH;
    return index < full || (index == full && hashes % Tile.WIDTH >= width);
  }

  private static Tile tile(Served.Shown shown, Tree.Tiles tiles, int level, long index, int width) {
    Tile tile = tiles.tile(level, index, width).cut(width);
    requireHolds(new Tree(shown.size(), tiles).has(tile, shown.root()));
    return tile;
  }

  /**
   * Where an entry is, and what shows it.
   *
   * @param position the entry's place, from 0
   * @param checkpoint the signed note that the proof leads to
   * @param proof for {@link dev.pledge.log.Merkle#isIncluded}
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  public record Included(long position, byte[] checkpoint, long size, List<Hash> proof) {}

  /**
   * That the newest checkpoint covers an entry; empty if it does not, or there is no such entry.
   */
  public Optional<Included> inclusion(UUID entry) {
    return database.read(
        handle ->
            trees
                .position(handle, entry)
                .flatMap(
                    place ->
                        served
                            .checkpoint(handle)
                            .filter(shown -> place < shown.size())
                            .map(shown -> inclusion(shown, trees.tiles(handle), place))));
  }

  private static Included inclusion(Served.Shown shown, Tree.Tiles tiles, long place) {
    long size = shown.size();
    Tree tree = new Tree(size, tiles);
    List<Hash> proof = tree.inclusion(place);
    requireHolds(Merkle.isIncluded(tree.leaf(place), place, size, shown.root(), proof));
    return new Included(place, shown.note(), size, proof);
  }

  /**
   * That one size the log had goes before another.
   *
   * @return empty unless a checkpoint covers the newer one
   * @throws IllegalArgumentException if the older is 0, of which nothing is proven, or larger than
   *     the newer
   */
  public Optional<List<Hash>> consistency(long older, long newer) {
    if (older < 1 || older > newer) {
      throw new IllegalArgumentException("the older size is 1 or more, and at most the newer");
    }
    return database.read(
        handle ->
            served
                .checkpoint(handle)
                .filter(shown -> newer <= shown.size())
                .map(shown -> consistency(shown, trees.tiles(handle), older, newer)));
  }

  // The roots of before are made of the same tiles as the proof: what ties them to what was signed
  // is that the newer one goes before the tree that is shown.
  private static List<Hash> consistency(
      Served.Shown shown, Tree.Tiles tiles, long older, long newer) {
    Tree whole = new Tree(shown.size(), tiles);
    Hash root = whole.root(newer);
    requireHolds(
        Merkle.isConsistent(newer, root, shown.size(), shown.root(), whole.consistency(newer)));
    List<Hash> proof = new Tree(newer, tiles).consistency(older);
    requireHolds(Merkle.isConsistent(older, whole.root(older), newer, root, proof));
    return proof;
  }

  private static void requireHolds(boolean holds) {
    if (!holds) {
      throw new LogBroken(
          "a tile that was asked for, or one that a proof needs, was altered in the database: it"
              + " does not lead to the root that was signed; restore it from a backup");
    }
  }
}
