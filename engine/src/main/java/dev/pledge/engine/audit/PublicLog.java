package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Hash;
import dev.pledge.log.Quorum;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.Tile;
import dev.pledge.log.Tree;
import dev.pledge.log.VerifierKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What anybody may know of a log: its checkpoints, the hashes of its tree, proofs. Nothing of it
 * says what an entry holds.
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
    return database.read(this::shown);
  }

  /**
   * That many hashes of a tile.
   *
   * @return empty if no checkpoint covers them
   */
  public Optional<Tile> tile(int level, long index, int width) {
    return database.read(
        handle -> {
          long hashes = shown(handle) >> (Tile.HEIGHT * level);
          long full = hashes / Tile.WIDTH;
          return index > full || (index == full && hashes % Tile.WIDTH < width)
              ? Optional.<Tile>empty()
              : Optional.of(trees.tiles(handle).tile(level, index, width).cut(width));
        });
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
        handle -> {
          Optional<Long> position = trees.position(handle, entry);
          Optional<Served.Shown> shown = served.checkpoint(handle);
          if (position.isEmpty() || shown.isEmpty()) {
            return Optional.<Included>empty();
          }
          long size = shown.get().size();
          return position
              .filter(place -> place < size)
              .map(
                  place ->
                      new Included(
                          place,
                          shown.get().note(),
                          size,
                          new Tree(size, trees.tiles(handle)).inclusion(place)));
        });
  }

  /**
   * That one size the log had goes before another.
   *
   * @return empty unless a checkpoint covers the newer one
   * @throws IllegalArgumentException if the older is larger
   */
  public Optional<List<Hash>> consistency(long older, long newer) {
    return database.read(
        handle ->
            shown(handle) < newer
                ? Optional.<List<Hash>>empty()
                : Optional.of(new Tree(newer, trees.tiles(handle)).consistency(older)));
  }

  private long shown(Handle handle) {
    return served.checkpoint(handle).map(Served.Shown::size).orElse(0L);
  }
}
