package dev.pledge.engine.audit;

import dev.pledge.policy.names.SubjectId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A line of a person's history as it lies in the database: that an entry is about the person,
 * sealed under the person's key. Without that key it tells neither which entry nor when, and once
 * the key is destroyed nobody can tell, whatever copies of the line there are.
 *
 * @param place orders the lines of one person, and says nothing of the time to whoever lacks the
 *     key
 */
@SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
record HistoryLine(SubjectId subject, long place, byte[] sealed) {
  /** Bits of an order below a microsecond. */
  static final int SPARE_BITS = 10;

  /** What is later than this, in the year 2112, has no order of its own. */
  static final long LATEST_MICROS = 1L << (62 - SPARE_BITS);

  private static final int BYTES = 2 * 2 * Long.BYTES;

  /** What an opened line leads to. */
  record Entered(UUID entry, UUID intakeKey) {}

  static HistoryLine of(SubjectId subject, SubjectSeal seal, long order, Entered entered) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(entered.entry.getMostSignificantBits())
            .putLong(entered.entry.getLeastSignificantBits())
            .putLong(entered.intakeKey.getMostSignificantBits())
            .putLong(entered.intakeKey.getLeastSignificantBits())
            .array();
    long place = seal.historyPlace(order);
    return new HistoryLine(subject, place, seal.sealLine(place, bytes));
  }

  /**
   * What the line leads to.
   *
   * @throws RuntimeException if it was altered, or is another person's
   */
  Entered open(SubjectSeal seal) {
    ByteBuffer bytes = ByteBuffer.wrap(seal.openLine(place, sealed));
    return new Entered(
        new UUID(bytes.getLong(), bytes.getLong()), new UUID(bytes.getLong(), bytes.getLong()));
  }
}
