package dev.pledge.engine.audit;

import dev.pledge.engine.audit.IntakeSeal.Sealed;
import dev.pledge.engine.audit.IntakeSeal.SealedTile;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Seals what the logs have in the database anew when an epoch of keys ends: entries under the
 * current epoch, and of archived tiles the keys. Entries, places and hashes stay what they are. One
 * thread at a time.
 */
public final class Resealing {
  private static final int BATCH = 500;

  private final Database database;
  private final IntakeSeal seal;

  /** Of the logs in {@code database}. */
  public Resealing(Database database, IntakeSeal seal) {
    this.database = database;
    this.seal = seal;
  }

  /**
   * What was done.
   *
   * @param done how many were sealed anew
   * @param damaged how many do not open, and stay as they are
   * @param last the last that was seen; empty if there was none
   */
  public record Step(int done, int damaged, Optional<UUID> last) {}

  /** Seals the next entries of {@code epoch} anew, after those up to {@code after}. */
  public Step entries(int epoch, UUID after) {
    return database.change(tx -> entries(tx, epoch, after));
  }

  private record Row(UUID id, Sealed sealed) {}

  private Step entries(Transaction tx, int epoch, UUID after) throws SQLException {
    List<Row> rows =
        tx.handle()
            .createQuery(
                """
                select id, epoch, sealed from intake where id > :after and epoch = :epoch
                order by id limit :most
                """)
            .bind("after", after)
            .bind("epoch", epoch)
            .bind("most", BATCH)
            .map(
                (row, context) ->
                    new Row(
                        row.getObject("id", UUID.class),
                        new Sealed(row.getInt("epoch"), row.getBytes("sealed"))))
            .list();
    List<Row> anew = new ArrayList<>();
    for (Row row : rows) {
      anew(row).ifPresent(anew::add);
    }
    if (!anew.isEmpty()) {
      put(tx, epoch, anew);
    }
    Optional<UUID> last = rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().id());
    return new Step(anew.size(), rows.size() - anew.size(), last);
  }

  private Optional<Row> anew(Row row) {
    byte[] payload;
    try {
      payload = seal.open(row.id(), row.sealed());
    } catch (KeysUnavailable locked) {
      throw locked;
    } catch (RuntimeException altered) {
      return Optional.empty();
    }
    return Optional.of(new Row(row.id(), seal.seal(row.id(), payload)));
  }

  private static void put(Transaction tx, int before, List<Row> anew) throws SQLException {
    Connection connection = tx.handle().getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement("select reseal_intake(?, ?, ?, ?)")) {
      statement.setArray(1, connection.createArrayOf("uuid", anew.stream().map(Row::id).toArray()));
      statement.setInt(2, before);
      statement.setInt(3, anew.getFirst().sealed().epoch());
      statement.setArray(
          4,
          connection.createArrayOf(
              "bytea", anew.stream().map(row -> row.sealed().bytes()).toArray(byte[][]::new)));
      statement.execute();
    }
  }

  /** Seals the keys of so many archived tiles of {@code epoch} anew; how many, and how many not. */
  public Step tiles(int epoch) {
    return database.change(tx -> tiles(tx, epoch));
  }

  private record Shelf(String log, long index, SealedTile sealed) {}

  private Step tiles(Transaction tx, int epoch) {
    List<Shelf> shelves =
        tx.handle()
            .createQuery(
                """
                select log, index, epoch, wrapped from archive where epoch = :epoch
                order by log, index limit :most
                """)
            .bind("epoch", epoch)
            .bind("most", BATCH)
            .map(
                (row, context) ->
                    new Shelf(
                        row.getString("log"),
                        row.getLong("index"),
                        new SealedTile(row.getInt("epoch"), row.getBytes("wrapped"), new byte[0])))
            .list();
    int done = 0;
    for (Shelf shelf : shelves) {
      done += rewrap(tx, epoch, shelf) ? 1 : 0;
    }
    return new Step(done, shelves.size() - done, Optional.empty());
  }

  private boolean rewrap(Transaction tx, int before, Shelf shelf) {
    SealedTile anew;
    try {
      anew = seal.rewrapTile(shelf.log(), shelf.index(), shelf.sealed());
    } catch (KeysUnavailable locked) {
      throw locked;
    } catch (RuntimeException altered) {
      return false;
    }
    return tx.handle()
        .createQuery("select rewrap_tile(:log, :index, :before, :after, :anew)")
        .bind("log", shelf.log())
        .bind("index", shelf.index())
        .bind("before", before)
        .bind("after", anew.epoch())
        .bind("anew", anew.wrapped())
        .mapTo(Boolean.class)
        .one();
  }
}
