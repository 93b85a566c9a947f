package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Entry;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.Quorum;
import dev.pledge.log.Tile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Copies a log as far as the checkpoint goes that is shown, laid out as C2SP tlog-tiles has it, for
 * {@link dev.pledge.log.Verifier} and for whatever else reads that layout. Entries leave the
 * database's seal, and hold no personal value.
 *
 * <p>Tiles are copied as they are, not made anew, so that the copy shows what is wrong with them.
 */
public final class LogExport {
  private static final int TILES_AT_ONCE = 64;

  private final Database database;
  private final LogReader reader;
  private final LogSigner signer;
  private final Trees trees;
  private final Served served;

  /**
   * Of the log so named; the database is not closed with this.
   *
   * @param quorum how many of which witnesses have cosigned where a copy ends
   */
  public LogExport(
      String log, Database database, IntakeSeal seal, LogSigner signer, Quorum quorum) {
    this.database = database;
    this.reader = new LogReader(log, database, seal);
    this.signer = signer;
    this.trees = new Trees(log);
    this.served = new Served(log, signer, quorum);
  }

  /** Takes the files. */
  @FunctionalInterface
  public interface Target {
    /** The file at that path below the log's. */
    void write(String path, byte[] content);
  }

  /** Where a copy begins and ends. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  public record Extent(byte[] note, long entries) {}

  /** What the newest checkpoint covers that enough witnesses cosigned; empty before the first. */
  public Optional<Extent> extent() {
    return served.checkpoint(database).map(shown -> new Extent(shown.note(), shown.size()));
  }

  /** The newest checkpoint that a witness cosigned, as the log signed it; empty if none is. */
  public Optional<byte[]> newestCosigned() {
    return database.read(trees::newestCosigned);
  }

  /**
   * Copies so much: entries that are kept, tiles, and the checkpoint last, so that a copy that was
   * cut off has none.
   *
   * @param progress is told how many entries are copied
   * @throws IllegalStateException if an entry or tile is missing, or an entry is not as it was
   *     written
   */
  public void write(Extent extent, Target target, LongConsumer progress) {
    long bundles = (extent.entries() + Tile.WIDTH - 1) / Tile.WIDTH;
    for (long bundle = reader.first() / Tile.WIDTH; bundle < bundles; bundle++) {
      long first = bundle * Tile.WIDTH;
      int width = (int) Math.min(Tile.WIDTH, extent.entries() - first);
      List<byte[]> entries =
          reader.all(first, width).stream().map(Recorded::entry).map(Entry::encode).toList();
      target.write(Tile.entriesPath(bundle, width), EntryBundle.encode(entries));
      progress.accept(first + width);
    }
    long hashes = extent.entries();
    for (int level = 0; hashes > 0; level++, hashes /= Tile.WIDTH) {
      writeTiles(level, hashes, target);
    }
    target.write("key", lines(signer.verifierKeys()));
    target.write("retired-keys", lines(signer.retired()));
    target.write("checkpoint", extent.note());
  }

  private static byte[] lines(List<?> keys) {
    StringBuilder lines = new StringBuilder();
    keys.forEach(key -> lines.append(key).append('\n'));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void writeTiles(int level, long hashes, Target target) {
    long tiles = (hashes + Tile.WIDTH - 1) / Tile.WIDTH;
    for (long from = 0; from < tiles; from += TILES_AT_ONCE) {
      long first = from;
      long to = Math.min(tiles, from + TILES_AT_ONCE);
      List<Tile> some = database.read(handle -> trees.tiles(handle, level, first, to));
      for (Tile tile : some) {
        int width = (int) Math.min(Tile.WIDTH, hashes - tile.index() * Tile.WIDTH);
        Tile cut = tile.cut(width);
        target.write(cut.path(), cut.hashes());
      }
    }
  }
}
