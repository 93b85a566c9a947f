package dev.pledge.engine.suppression;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.SuppressionKeys;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.suppression.Tallies.Tally;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of marks, each with its code, and the tallies that tell of missing ones. */
public final class Marks {
  private static final String COLUMNS = "mark, purpose, product, channel, coverage, day, code";

  private final SuppressionKeys keys;

  /** Marks made with these keys. */
  public Marks(SuppressionKeys keys) {
    this.keys = keys;
  }

  /** A row, as it lies there. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Row(byte[] mark, Objection objection, LocalDate day, byte[] code) {
    static Row read(ResultSet row) throws SQLException {
      return new Row(
          row.getBytes("mark"),
          Objection.of(
              row.getString("purpose"),
              row.getString("product"),
              row.getString("channel"),
              row.getString("coverage")),
          row.getObject("day", LocalDate.class),
          row.getBytes("code"));
    }
  }

  /**
   * Leaves a mark for each of the aliases and objections; one that is there stays as it is. Holds
   * the tallies they are of until the transaction ends.
   */
  public void leave(
      Transaction tx, Collection<Term> aliases, Collection<Objection> objections, LocalDate day) {
    Tallies tallies = new Tallies(keys);
    List<byte[]> marks = aliases.stream().map(keys::mark).toList();
    tallies.take(tx, marks);
    for (byte[] mark : marks) {
      for (Objection objection : objections) {
        byte[] code = code(mark, objection, day);
        boolean added =
            tx.handle()
                    .createUpdate(
                        """
                        insert into suppression_mark (mark, purpose, product, channel, coverage,
                                                      day, code)
                        values (:mark, :purpose, :product, :channel, :coverage, :day, :code)
                        on conflict do nothing
                        """)
                    .bind("mark", mark)
                    .bind("purpose", objection.purpose())
                    .bind("product", objection.productWord())
                    .bind("channel", objection.channelWord())
                    .bind("coverage", objection.coverageWord())
                    .bind("day", day)
                    .bind("code", code)
                    .execute()
                == 1;
        if (added) {
          tallies.add(mark, code);
        }
      }
    }
    tallies.keep(tx);
  }

  /**
   * What was objected to by whoever had one of the aliases.
   *
   * @throws IllegalStateException if a mark was altered: what it says is not to be believed, and
   *     nobody is brought back meanwhile
   */
  public Set<Objection> on(Handle handle, Collection<Term> aliases) throws SQLException {
    Set<Objection> objections = new LinkedHashSet<>();
    for (Row row : rows(handle, aliases, null)) {
      if (!isSound(row)) {
        throw new IllegalStateException(
            "a suppression mark was altered; `pledge doctor` names it, restore a backup");
      }
      objections.add(row.objection());
    }
    return objections;
  }

  /** Removes the marks of these aliases: of one purpose, or, where none is named, of all. */
  public void remove(Transaction tx, Collection<Term> aliases, @Nullable String purpose)
      throws SQLException {
    if (!rows(tx.handle(), aliases, purpose).isEmpty()) {
      List<byte[]> marks = aliases.stream().map(keys::mark).toList();
      Tallies tallies = new Tallies(keys);
      tallies.take(tx, marks);
      // Looked at again: others may have come or gone before the tallies were taken.
      delete(tx, rows(tx.handle(), aliases, purpose), tallies);
      tallies.keep(tx);
    }
  }

  /** Removes marks of purposes that are none of these any more; answers how many there were. */
  public int removeOthers(Transaction tx, Collection<String> purposes) {
    List<Row> others = others(tx.handle(), purposes);
    if (others.isEmpty()) {
      return 0;
    }
    Tallies tallies = new Tallies(keys);
    tallies.take(tx, others.stream().map(Row::mark).toList());
    List<Row> gone = others(tx.handle(), purposes);
    // Of those that came since, the tallies were not taken: they go the next time.
    gone.removeIf(row -> !tallies.has(row.mark()));
    delete(tx, gone, tallies);
    tallies.keep(tx);
    return gone.size();
  }

  private static void delete(Transaction tx, List<Row> rows, Tallies tallies) {
    for (Row row : rows) {
      int deleted =
          tx.handle()
              .createUpdate(
                  """
                  delete from suppression_mark
                  where mark = :mark and purpose = :purpose and product = :product
                    and channel = :channel and coverage = :coverage
                  """)
              .bind("mark", row.mark())
              .bind("purpose", row.objection().purpose())
              .bind("product", row.objection().productWord())
              .bind("channel", row.objection().channelWord())
              .bind("coverage", row.objection().coverageWord())
              .execute();
      if (deleted == 1) {
        tallies.remove(row.mark(), row.code());
      }
    }
  }

  private static List<Row> others(Handle handle, Collection<String> purposes) {
    return new ArrayList<>(
        handle
            .createQuery(
                "select "
                    + COLUMNS
                    + " from suppression_mark where not purpose = any(:purposes) limit 1000")
            .bind("purposes", purposes.toArray(String[]::new))
            .map((row, context) -> Row.read(row))
            .list());
  }

  private List<Row> rows(Handle handle, Collection<Term> aliases, @Nullable String purpose)
      throws SQLException {
    // Jdbi would hand the driver an Object[], which it does not take for bytea.
    Connection connection = handle.getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + " from suppression_mark where mark = any(?)"
                + " and (?::text is null or purpose = ?::text)"
                + " order by mark, purpose, product, channel, coverage")) {
      byte[][] marks = aliases.stream().map(keys::mark).toArray(byte[][]::new);
      statement.setArray(1, connection.createArrayOf("bytea", marks));
      statement.setString(2, purpose);
      statement.setString(3, purpose);
      List<Row> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(Row.read(rows));
        }
      }
      return found;
    }
  }

  private byte[] code(byte[] mark, Objection objection, LocalDate day) {
    return keys.codeOfRow(
        mark,
        day.toEpochDay(),
        objection.purpose(),
        objection.productWord(),
        objection.channelWord(),
        objection.coverageWord());
  }

  private boolean isSound(Row row) {
    return MessageDigest.isEqual(row.code(), code(row.mark(), row.objection(), row.day()));
  }

  /**
   * Looks through all marks; a row is named by its purpose and the first bytes of its mark.
   *
   * @param altered told which rows are not as they were written
   * @param incomplete told which tallies do not tell of the rows that are there
   */
  public void check(Handle handle, Consumer<String> altered, Consumer<String> incomplete) {
    for (int bucket = 0; bucket < Tallies.BUCKETS; bucket++) {
      // One statement for rows and tally, so that both are of one moment.
      Bucket found = new Bucket();
      handle
          .createQuery(
              """
              select t.marks, t.sum, t.code as tallied, m.*
              from (select :bucket::int as bucket) b
              left join suppression_tally t on t.bucket = b.bucket
              left join suppression_mark m on m.mark >= :first and (:last or m.mark < :next)
              """)
          .bind("bucket", bucket)
          .bind("first", beginning(bucket))
          .bind("last", bucket == Tallies.BUCKETS - 1)
          .bind("next", beginning(Math.min(bucket + 1, Tallies.BUCKETS - 1)))
          .map((row, context) -> look(row, found, altered))
          .list();
      if (!isComplete(bucket, found)) {
        incomplete.accept("suppression_tally " + bucket);
      }
    }
  }

  /** What is said of the rows of a bucket, and what they are. */
  private static final class Bucket {
    Tally said = Tally.EMPTY;
    Tally counted = Tally.EMPTY;
    byte @Nullable [] code;
  }

  private static byte[] beginning(int bucket) {
    return new byte[] {(byte) Tallies.first(bucket)};
  }

  private boolean look(ResultSet row, Bucket found, Consumer<String> altered) throws SQLException {
    byte[] tallied = row.getBytes("tallied");
    if (tallied != null) {
      found.code = tallied;
      found.said = new Tally(row.getLong("marks"), row.getBytes("sum"));
    }
    if (row.getBytes("mark") == null) {
      return true;
    }
    Row mark = Row.read(row);
    found.counted = found.counted.plus(1, mark.code());
    boolean sound = isSound(mark);
    if (!sound) {
      String begins = HexFormat.of().formatHex(mark.mark(), 0, 8);
      altered.accept("suppression_mark " + begins + " " + mark.objection().purpose());
    }
    return sound;
  }

  private boolean isComplete(int bucket, Bucket found) {
    boolean written =
        found.code == null
            || MessageDigest.isEqual(
                found.code, keys.codeOfTally(bucket, found.said.rows(), found.said.sum()));
    return written
        && found.said.rows() == found.counted.rows()
        && MessageDigest.isEqual(found.said.sum(), found.counted.sum());
  }
}
