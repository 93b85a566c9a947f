package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The erasure ledger: who was erased, when, and under which certificate. It lies in the key store,
 * outside the data, so that a database restored from an old copy forgets the same persons again. It
 * holds no personal value.
 *
 * <p>Guarantees: what {@link #record} acknowledged survives a crash; entries are never changed or
 * removed; an altered ledger is refused when the key store is opened. That its end was cut off is
 * noticed only by whoever kept a {@link #head}.
 *
 * <p>Safe for use by many threads; those that write at the same time share one fsync.
 *
 * <p>Source: II.II.3, GDPR Art. 17.
 */
public final class ErasureLedger {
  /** What was erased. */
  public enum Kind {
    /** All data of a person. */
    PERSON(1);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new KeyStoreRefusedException(
          "the erasure ledger was written by a newer version; start that version or a newer one");
    }
  }

  /** One erasure. {@code at} is kept in whole microseconds. */
  public record Erased(SubjectId subject, Instant at, Kind kind, UUID certificate) {
    public Erased {
      at = at.truncatedTo(ChronoUnit.MICROS);
    }
  }

  private static final int RECORD_BYTES = 1 + 16 + Long.BYTES + 16;

  private final AppendFile file;

  /** The first entry of each person; only durable ones. */
  private final Map<SubjectId, Erased> persons = new ConcurrentHashMap<>();

  ErasureLedger(AppendFile file) {
    this.file = file;
    file.forEach(
        record -> {
          Erased erased = read(record);
          persons.putIfAbsent(erased.subject(), erased);
        });
  }

  /** Durable when this returns; a certificate may be given only afterwards. */
  public void record(Erased erased) {
    file.append(
        ByteBuffer.allocate(RECORD_BYTES)
            .put(erased.kind().code)
            .put(Framed.bytesOf(erased.subject().value()))
            .putLong(Aad.micros(erased.at()))
            .put(Framed.bytesOf(erased.certificate()))
            .array());
    persons.putIfAbsent(erased.subject(), erased);
  }

  /** Whether the person was erased: such a person's data must not come back. */
  public boolean isErased(SubjectId subject) {
    return persons.containsKey(subject);
  }

  /** The first entry of {@code subject}, or empty. */
  public Optional<Erased> find(SubjectId subject) {
    return Optional.ofNullable(persons.get(subject));
  }

  /** How many persons were erased. */
  public int size() {
    return persons.size();
  }

  /** How far the ledger has come, to be compared with what was seen of it. */
  public Head head() {
    return file.head();
  }

  /** Hands every entry to {@code reader}, oldest first. */
  public void forEach(Consumer<Erased> reader) {
    file.forEach(record -> reader.accept(read(record)));
  }

  private static Erased read(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record);
    Kind kind = Kind.of(in.get());
    SubjectId subject = new SubjectId(new UUID(in.getLong(), in.getLong()));
    Instant at = Instant.EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
    return new Erased(subject, at, kind, new UUID(in.getLong(), in.getLong()));
  }
}
