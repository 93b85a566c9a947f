package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What of a person can be forgotten by itself, and has a key of its own for that: the values of one
 * field that one product has, or the account as a whole; of an event series those that were
 * collected in one month; records of a kind; what was said, or handed in, of one rights request.
 *
 * @param of the field, or the kind of record
 * @param holder the product the values are kept for, or the request; empty for the account as a
 *     whole, and for records
 * @param month of a series, by the calendar of UTC
 */
public record Part(String of, String holder, Optional<YearMonth> month) {
  /**
   * The values of a field.
   *
   * @param holder the product they are kept for; empty for the account as a whole
   */
  public static Part ofField(FieldId field, String holder) {
    return new Part(field.toString(), holder, Optional.empty());
  }

  /** The values of a series that a product collected in the month of that time. */
  public static Part ofSeries(FieldId field, String product, Instant collectedAt) {
    YearMonth month = YearMonth.from(collectedAt.atOffset(ZoneOffset.UTC));
    return new Part(field.toString(), product, Optional.of(month));
  }

  static Part ofRecords(String kind) {
    return new Part(kind, "", Optional.empty());
  }

  /** What its key is derived by: the same for ever. */
  byte[] label() {
    return Framed.of("pledge/subject/part/v1")
        .add(of)
        .add(holder)
        .add(month.map(YearMonth::toString).orElse(""))
        .bytes();
  }

  /** What tells its key from others of the person: the beginning of the label's SHA-256. */
  Tag tag() {
    try {
      return Tag.of(MessageDigest.getInstance("SHA-256").digest(label()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Sixteen bytes, in the order of which keys are kept. */
  record Tag(long high, long low) implements Comparable<Tag> {
    static final int BYTES = 2 * Long.BYTES;

    static Tag of(byte[] hash) {
      return read(ByteBuffer.wrap(hash));
    }

    static Tag read(ByteBuffer in) {
      return new Tag(in.getLong(), in.getLong());
    }

    void write(ByteBuffer out) {
      out.putLong(high).putLong(low);
    }

    @Override
    public int compareTo(Tag other) {
      int byHigh = Long.compare(high, other.high);
      return byHigh == 0 ? Long.compare(low, other.low) : byHigh;
    }
  }
}
