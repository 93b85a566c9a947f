package dev.pledge.engine.suppression;

import dev.pledge.engine.keys.SuppressionKeys;
import dev.pledge.engine.store.Transaction;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many marks there are, and the sum of their codes, in sixty-four parts by how a mark begins.
 * For one change: taken, counted, kept.
 */
final class Tallies {
  static final int BUCKETS = 64;

  private static final int CODE_BYTES = 32;

  private final SuppressionKeys keys;
  private final SortedMap<Integer, Tally> taken = new TreeMap<>();

  Tallies(SuppressionKeys keys) {
    this.keys = keys;
  }

  /** Rows, and their codes added bit by bit: in whatever order, and taken away as they came. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Tally(long rows, byte[] sum) {
    static final Tally EMPTY = new Tally(0, new byte[CODE_BYTES]);

    Tally plus(int more, byte[] code) {
      byte[] added = sum.clone();
      for (int i = 0; i < CODE_BYTES; i++) {
        added[i] ^= code[i];
      }
      return new Tally(rows + more, added);
    }
  }

  static int bucket(byte[] mark) {
    return (mark[0] & 0xff) >> 2;
  }

  /** The least first byte of the marks of a bucket. */
  static int first(int bucket) {
    return bucket << 2;
  }

  /** Takes the tallies of these marks until the transaction ends, in their order. */
  void take(Transaction tx, Collection<byte[]> marks) {
    TreeSet<Integer> buckets = new TreeSet<>();
    marks.forEach(mark -> buckets.add(bucket(mark)));
    for (int bucket : buckets) {
      tx.handle()
          .createUpdate(
              """
              insert into suppression_tally (bucket, marks, sum, code)
              values (:bucket, 0, :sum, :code) on conflict do nothing
              """)
          .bind("bucket", bucket)
          .bind("sum", Tally.EMPTY.sum())
          .bind("code", keys.codeOfTally(bucket, 0, Tally.EMPTY.sum()))
          .execute();
      taken.put(
          bucket,
          tx.handle()
              .createQuery(
                  "select marks, sum from suppression_tally where bucket = :bucket for update")
              .bind("bucket", bucket)
              .map((row, context) -> new Tally(row.getLong("marks"), row.getBytes("sum")))
              .one());
    }
  }

  boolean has(byte[] mark) {
    return taken.containsKey(bucket(mark));
  }

  void add(byte[] mark, byte[] code) {
    taken.computeIfPresent(bucket(mark), (bucket, tally) -> tally.plus(1, code));
  }

  void remove(byte[] mark, byte[] code) {
    taken.computeIfPresent(bucket(mark), (bucket, tally) -> tally.plus(-1, code));
  }

  /** Writes the tallies as they are now. */
  void keep(Transaction tx) {
    for (Map.Entry<Integer, Tally> each : taken.entrySet()) {
      Tally tally = each.getValue();
      tx.handle()
          .createUpdate(
              """
              update suppression_tally set marks = :marks, sum = :sum, code = :code
              where bucket = :bucket
              """)
          .bind("bucket", each.getKey())
          .bind("marks", tally.rows())
          .bind("sum", tally.sum())
          .bind("code", keys.codeOfTally(each.getKey(), tally.rows(), tally.sum()))
          .execute();
    }
  }
}
