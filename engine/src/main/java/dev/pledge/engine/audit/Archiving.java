package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Tile;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the entries of a log that have grown old into the archive, by whole tiles, and lets go of
 * those that are no longer kept. The tree is not touched: all its hashes stay, so its root, and
 * every entry that is left, are proved as before.
 *
 * <p>A tile goes in one transaction, after each of its entries was opened and found to have the
 * hash that the tree has of it. Several nodes may do this beside each other; one of these is of one
 * thread. Source: IV.1, IV.2.
 */
public final class Archiving {
  private static final Logger LOG = LoggerFactory.getLogger(Archiving.class);

  private final String log;
  private final Database database;
  private final Audit audit;
  private final Ageing ageing;
  private final InstantSource clock;
  private final LongSupplier shown;
  private final LogReader reader;
  private final Trees trees;
  private final Archive archive;

  /** What the log was told last that is let go, while it is not. */
  private Optional<Announced> announced = Optional.empty();

  private record Announced(UUID entry, long end) {}

  /**
   * Of the log so named; what is let go is entered in {@code audit}.
   *
   * @param shown how many entries the checkpoint covers that everybody is shown
   */
  public Archiving(
      String log,
      Database database,
      IntakeSeal seal,
      Audit audit,
      Ageing ageing,
      InstantSource clock,
      LongSupplier shown) {
    this.log = log;
    this.database = database;
    this.audit = audit;
    this.ageing = ageing;
    this.clock = clock;
    this.shown = shown;
    this.reader = new LogReader(log, database, seal);
    this.trees = new Trees(log);
    this.archive = new Archive(seal);
  }

  /**
   * Archives all whole tiles that are old enough.
   *
   * @param goOn asked before each
   * @return how many tiles
   * @throws IllegalStateException if an entry is missing, or not as it was written; it and what
   *     follows stays where it is
   * @throws LogBroken if the tree has another hash of an entry
   */
  public long archive(BooleanSupplier goOn) {
    Instant before = ageing.archivedBefore(clock.instant());
    long tiles = 0;
    while (goOn.getAsBoolean() && archiveNext(before)) {
      tiles++;
    }
    if (tiles > 0) {
      LOG.info("archived {} entries of log {}", tiles * Tile.WIDTH, log);
    }
    return tiles;
  }

  private boolean archiveNext(Instant before) {
    long index =
        database.read(
            handle -> {
              long next = archive.next(handle, log);
              boolean covered =
                  trees.newest(handle).filter(size -> size >= (next + 1) * Tile.WIDTH).isPresent();
              return covered ? next : -1;
            });
    if (index < 0 || !isOlder(before, lastOf(index))) {
      return false;
    }
    List<Recorded> entries = reader.all(index * Tile.WIDTH, Tile.WIDTH);
    if (entries.stream().anyMatch(each -> !isOlder(before, each))) {
      return false;
    }
    requireHashes(index, entries);
    return database.change(
        tx -> archive.put(tx.handle(), log, index, entries.stream().map(Recorded::entry).toList()));
  }

  /** Looked at before the others are read. */
  private Recorded lastOf(long tile) {
    return reader.all((tile + 1) * Tile.WIDTH - 1, 1).getFirst();
  }

  private static boolean isOlder(Instant before, Recorded entry) {
    return entry.entry().facts().at().isBefore(before);
  }

  private void requireHashes(long index, List<Recorded> entries) {
    ByteArrayOutputStream leaves = new ByteArrayOutputStream(Tile.WIDTH * Hash.SIZE);
    entries.forEach(each -> leaves.writeBytes(each.leaf().value().toByteArray()));
    Tile tile = database.read(handle -> trees.tiles(handle).tile(0, index, Tile.WIDTH));
    if (!Arrays.equals(tile.hashes(), leaves.toByteArray())) {
      throw new LogBroken(
          "the entries of tile "
              + index
              + " are not those that the log's tree was made of; restore the database from a"
              + " backup of before");
    }
  }

  /**
   * Lets go of the entries of whole tiles that are no longer kept. The log is told first how many
   * from its beginning on these are, and they go when this is called again and everybody is shown a
   * checkpoint that covers that: a copy that lacks entries says so. Does nothing if all are kept.
   *
   * @return the place of the first entry that is kept
   */
  public long prune() {
    announced.ifPresent(this::letGo);
    if (announced.isEmpty()) {
      announced = ageing.keptFrom(clock.instant()).flatMap(this::announce);
    }
    return reader.first();
  }

  private Optional<Announced> announce(Instant before) {
    return database.change(
        tx -> {
          long end = archive.endOf(tx.handle(), log, before) * Tile.WIDTH;
          if (end <= Archive.first(tx.handle(), log)) {
            return Optional.empty();
          }
          Facts facts =
              Facts.of(
                      Kind.PRUNE,
                      clock.instant(),
                      Outcome.PERMITTED,
                      Caller.of(Caller.SYSTEM, "retention"))
                  .subjects(end)
                  .build();
          Receipt receipt = audit.appendTo(log, tx, Draft.aboutNobody(facts));
          return Optional.of(new Announced(receipt.entry(), end));
        });
  }

  private void letGo(Announced said) {
    Optional<Long> place = database.read(handle -> trees.position(handle, said.entry));
    if (place.isEmpty() || place.get() >= shown.getAsLong()) {
      return;
    }
    boolean gone =
        database.change(
            tx -> {
              // Another node may have let go of as many, or more.
              boolean kept = Archive.first(tx.handle(), log) < said.end;
              if (kept) {
                archive.prune(tx.handle(), log, said.end / Tile.WIDTH);
              }
              return kept;
            });
    announced = Optional.empty();
    if (gone) {
      LOG.info("entries before {} of log {} are no longer kept", said.end, log);
    }
  }
}
