package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The erasure ledger: who was erased, or which legal hold ended, when, and under which certificate;
 * and who is sealed until when, since they may take their erasure back. It lies in the key store,
 * outside the data, so that a database restored from an old copy forgets the same persons again. It
 * holds no personal value.
 *
 * <p>Guarantees: what {@link #record} acknowledged survives a crash; entries are never changed or
 * removed; an altered ledger is refused when the key store is opened, and so is one that has not
 * come as far as the database has seen it come.
 *
 * <p>Safe for use by many threads; those that write at the same time share one fsync.
 *
 * <p>Source: II.II.3, GDPR Art. 17.
 */
public final class ErasureLedger {
  /** What was erased. */
  public enum Kind {
    /** All data of a person. */
    PERSON(1),

    /** What a legal hold had set aside; in the place of the person is the name of its key. */
    HOLD(2),

    /** Nothing yet: the person is sealed until the time of the entry, and then to be erased. */
    SEALED(3),

    /** Nothing: the person took it back. */
    RECOVERED(4),

    /** All data of a person who wants no mark of their objections left either. */
    UNMARKED(5),

    /** Nothing yet, of one who wants no mark left once they are erased. */
    SEALED_UNMARKED(6);

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

  /**
   * One erasure, or what may become one. {@code at} is kept in whole microseconds: when it was, of
   * who is sealed until when it can be taken back.
   */
  public record Erased(SubjectId subject, Instant at, Kind kind, UUID certificate) {
    public Erased {
      at = at.truncatedTo(ChronoUnit.MICROS);
    }
  }

  private static final int RECORD_BYTES = 1 + 16 + Long.BYTES + 16;

  private final AppendFile file;
  private final Known known;

  private ErasureLedger(AppendFile file, Known known) {
    this.file = file;
    this.known = known;
  }

  /**
   * What the durable entries come to.
   *
   * @param erased the first entry of each who is gone
   * @param sealed the last entry of each who may come back
   */
  private record Known(Map<SubjectId, Erased> erased, Map<SubjectId, Erased> sealed) {
    Known() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    void add(Erased entry) {
      switch (entry.kind()) {
        case PERSON, UNMARKED, HOLD -> {
          erased.putIfAbsent(entry.subject(), entry);
          sealed.remove(entry.subject());
        }
        case SEALED, SEALED_UNMARKED -> sealed.put(entry.subject(), entry);
        case RECOVERED -> sealed.remove(entry.subject());
      }
    }
  }

  /**
   * Opens the ledger.
   *
   * @param seen how far the data has seen it come
   * @throws KeyStoreRefusedException if it was altered, or never was where the data saw it: one
   *     that has come further is the same ledger, an older or another one is not
   */
  static ErasureLedger open(Path path, AppendFile.Seal seal, Access access, Head seen)
      throws IOException {
    Known known = new Known();
    AtomicBoolean passed = new AtomicBoolean(seen.writes() == 0);
    AppendFile file =
        AppendFile.open(
            path,
            seal,
            access,
            (records, head) -> {
              if (head.equals(seen)) {
                passed.set(true);
              }
              records.forEach(record -> known.add(read(record)));
            });
    if (!passed.get()) {
      file.close();
      throw refused(path, seen, file.head());
    }
    return new ErasureLedger(file, known);
  }

  private static KeyStoreRefusedException refused(Path path, Head seen, Head here) {
    String what =
        here.writes() < seen.writes()
            ? String.format(
                Locale.ROOT,
                "has come to write %d, but the data has seen write %d",
                here.writes(),
                seen.writes())
            : "tells of other erasures than the data has seen";
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "the erasure ledger `%s` %s; restore the newest backup of the key store",
            path,
            what));
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
    known.add(erased);
  }

  /** Whether the person was erased: such a person's data must not come back. */
  public boolean isErased(SubjectId subject) {
    return known.erased().containsKey(subject);
  }

  /** The first entry by which {@code subject} is gone, or empty. */
  public Optional<Erased> find(SubjectId subject) {
    return Optional.ofNullable(known.erased().get(subject));
  }

  /** The entry by which {@code subject} is sealed; empty if they are not. */
  public Optional<Erased> sealing(SubjectId subject) {
    return Optional.ofNullable(known.sealed().get(subject));
  }

  /** Everyone who is sealed. */
  public List<Erased> sealings() {
    return List.copyOf(known.sealed().values());
  }

  /** Whether the person is erased or sealed: nobody finds them. */
  public boolean isHidden(SubjectId subject) {
    return known.erased().containsKey(subject) || known.sealed().containsKey(subject);
  }

  /** How far the ledger has come, to be compared with what was seen of it. */
  public Head head() {
    return file.head();
  }

  boolean accepts() {
    return file.accepts();
  }

  void close() {
    file.close();
  }

  /** Hands every entry by which somebody, or something, is gone to {@code reader}, oldest first. */
  public void forEach(Consumer<Erased> reader) {
    file.forEach(
        record -> {
          Erased entry = read(record);
          switch (entry.kind()) {
            case PERSON, UNMARKED, HOLD -> reader.accept(entry);
            case SEALED, SEALED_UNMARKED, RECOVERED -> {}
          }
        });
  }

  private static Erased read(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record);
    Kind kind = Kind.of(in.get());
    SubjectId subject = new SubjectId(new UUID(in.getLong(), in.getLong()));
    Instant at = Instant.EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
    return new Erased(subject, at, kind, new UUID(in.getLong(), in.getLong()));
  }
}
