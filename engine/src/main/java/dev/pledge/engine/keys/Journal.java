package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;

/**
 * The key journal: which wrapped key each living person has now, in the key store and therefore
 * apart from the database and its backups. It says what a database restored from an old copy lacks.
 * Who is in the erasure ledger has no key here, whatever the file says.
 *
 * <p>Guarantees: a key that was acknowledged survives a crash; an altered journal is refused when
 * the key store is opened, and so is an older one that lacks that a key was replaced, as it is
 * where it has forgotten something. A key may be here without its person having been registered
 * (the database refused afterwards); the reverse cannot be. The wrapped key of an erased person
 * stays in the file until the next start, or until {@link #tidy} finds that one record in {@value
 * #DEAD_SHARE} serves nobody, for a day at most; and in copies of the file until they expire: only
 * the end of the epoch makes those unreadable.
 *
 * <p>Safe for use by many threads; those that write at the same time share one fsync.
 */
public final class Journal {
  private static final byte LIVES = 1;

  /** How many writes there had been, of a file that was written anew. */
  private static final byte WRITES = 3;

  /** Of the file, what is in memory together. */
  private static final long MOST_TOGETHER = 128 << 20;

  /**
   * Of how many records one must be dead for the journal to be written anew while people are
   * served. Hence an erasure pays for some twenty records to be copied, however long the journal.
   */
  private static final int DEAD_SHARE = 10;

  /** For how long the keys of erased people stay at most, while people are served. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Path path;
  private final AppendFile file;
  private final Predicate<SubjectId> erased;

  /** Guarded by {@link #marking}. */
  private final JournalMark mark;

  private final Object marking = new Object();

  /** How many keys were replaced since this was opened. */
  private final AtomicLong replacements = new AtomicLong();

  /** Guarded by {@link #marking}: how many of them the mark covers. */
  private long marked;

  /** Written under {@link #marking}: the writes to files that this one took the place of. */
  private volatile long before;

  private final AtomicLong records = new AtomicLong();

  /**
   * Of the {@link #records}, those that a compaction drops, or more. Fewer only of records from
   * before it was opened: of a key that was wrapped anew none says that it takes another's place.
   */
  private final AtomicLong dead = new AtomicLong();

  /** Of the records that were there when this was opened, those of erased people. */
  private long erasedAtOpening;

  /** Guarded by this: when the file was last seen, or made, to have nothing that serves nobody. */
  private Instant wholeAt = Instant.MAX;

  private Journal(
      Path path, AppendFile.Seal seal, JournalMark mark, Access access, Predicate<SubjectId> erased)
      throws IOException {
    this.path = path;
    this.erased = erased;
    this.mark = mark;
    this.file =
        AppendFile.open(
            path, seal, access, (together, head) -> together.forEach(each -> countOld(each, head)));
  }

  /**
   * Opens the journal.
   *
   * @param mark how far it has come at least; read before it, since it may come further meanwhile
   * @param erased who is in the erasure ledger
   * @throws KeyStoreRefusedException if it was altered, or has not come as far
   */
  static Journal open(
      Path path, AppendFile.Seal seal, JournalMark mark, Access access, Predicate<SubjectId> erased)
      throws IOException {
    Journal journal = new Journal(path, seal, mark, access, erased);
    if (journal.writes() < mark.reached()) {
      journal.close();
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the key journal `%s` has come to write %d, but keys in it were replaced until write"
                  + " %d; restore the newest backup of the key store",
              path,
              journal.writes(),
              mark.reached()));
    }
    return journal;
  }

  /** How many writes there were, ever. */
  private long writes() {
    return before + file.head().writes();
  }

  private void countOld(byte[] record, Head head) {
    if (record[0] == WRITES) {
      before = ByteBuffer.wrap(record).getLong(1 + 16) - head.writes();
      // What was written anew up to here has no key that another took the place of.
      dead.set(erasedAtOpening);
      return;
    }
    records.incrementAndGet();
    int gone = erased.test(subjectOf(record)) ? 1 : 0;
    erasedAtOpening += gone;
    dead.addAndGet(gone + replaced(record));
  }

  /** The key of the generation before, which is in the journal too. */
  private static int replaced(byte[] record) {
    return generationOf(record) > 1 ? 1 : 0;
  }

  /** Durable when this returns. */
  void put(SubjectId subject, WrappedKey wrapped) {
    byte[] record = record(subject, wrapped);
    file.append(record);
    records.incrementAndGet();
    dead.addAndGet(replaced(record));
    if (replaced(record) > 0) {
      mark(replacements.incrementAndGet());
    }
  }

  /** The keys of these people are wrapped anew. Durable when this returns; at least one. */
  void replace(Map<SubjectId, WrappedKey> wrapped) {
    List<byte[]> together = new ArrayList<>(wrapped.size());
    wrapped.forEach((subject, key) -> together.add(record(subject, key)));
    file.append(together);
    records.addAndGet(together.size());
    dead.addAndGet(together.size());
    mark(replacements.incrementAndGet());
  }

  // Whoever waited for another's mark finds that it covers theirs.
  private void mark(long mine) {
    synchronized (marking) {
      if (marked >= mine) {
        return;
      }
      long covered = replacements.get();
      try {
        mark.reach(writes());
      } catch (IOException e) {
        throw new UncheckedIOException(
            "could not note how far the key journal `" + path + "` has come", e);
      }
      marked = covered;
    }
  }

  private static byte[] record(SubjectId subject, WrappedKey wrapped) {
    byte[] bytes = wrapped.bytes();
    return ByteBuffer.allocate(1 + 16 + Integer.BYTES + Integer.BYTES + bytes.length)
        .put(LIVES)
        .put(Framed.bytesOf(subject.value()))
        .putInt(wrapped.epoch())
        .putInt(wrapped.generation())
        .put(bytes)
        .array();
  }

  /** Somebody who has a key here came into the erasure ledger. */
  void erased() {
    dead.incrementAndGet();
  }

  /**
   * Part of the people who have a key.
   *
   * @param after the greatest id that is below those of the share
   * @param to the greatest id of the share
   */
  public record Share(UUID after, UUID to, Map<SubjectId, WrappedKey> keys) {}

  /**
   * The wrapped key of every person who has one, in shares that follow each other in the order of
   * ids and together are all ids there can be. Each share takes some 200 MB of memory at most, and
   * reads the whole file. For bringing data up to date, not for everyday reads.
   */
  public void forEachShare(Consumer<Share> reader) {
    forEachShare(MOST_TOGETHER, reader);
  }

  void forEachShare(long most, Consumer<Share> reader) {
    // Ids are random: they are spread evenly.
    int bits = 0;
    while (bytes() >> bits > most) {
      bits++;
    }
    UUID after = new UUID(0, 0);
    for (long share = 0; share < 1L << bits; share++) {
      int rest = Long.SIZE - bits;
      UUID to = new UUID(bits == 0 ? -1 : ((share + 1) << rest) - 1, -1);
      long number = share;
      int shift = bits;
      reader.accept(
          new Share(
              after,
              to,
              current(
                  subject ->
                      shift == 0 || subject.value().getMostSignificantBits() >>> rest == number)));
      after = to;
    }
  }

  /**
   * Whose key has forgotten something, with the generation they had then: each time they did, and
   * each time their key was wrapped anew. In one reading of the file, nothing of which is kept.
   */
  public void forEachRenewed(ObjIntConsumer<SubjectId> reader) {
    file.forEach(
        record -> {
          if (record[0] == LIVES && generationOf(record) > 1 && !erased.test(subjectOf(record))) {
            reader.accept(subjectOf(record), generationOf(record));
          }
        });
  }

  /** The wrapped keys of those of these people that have one. */
  public Map<SubjectId, WrappedKey> of(Set<SubjectId> subjects) {
    return current(subjects::contains);
  }

  private Map<SubjectId, WrappedKey> current(Predicate<SubjectId> wanted) {
    Map<SubjectId, WrappedKey> current = new LinkedHashMap<>();
    file.forEach(
        record -> {
          if (record[0] == LIVES && wanted.test(subjectOf(record))) {
            current.put(subjectOf(record), keyIn(record));
          }
        });
    current.keySet().removeIf(erased);
    return current;
  }

  /** Whether a key of the person is in the file, also one that counts no more. */
  public boolean holdsAnyOf(SubjectId subject) {
    AtomicBoolean any = new AtomicBoolean();
    file.forEach(
        record -> {
          if (record[0] == LIVES && subjectOf(record).equals(subject)) {
            any.set(true);
          }
        });
    return any.get();
  }

  /**
   * Removes everything of erased persons from the file, if there is anything. For the start, when
   * nobody waits yet.
   *
   * @throws java.io.UncheckedIOException if the journal could not be written anew; it is as before
   */
  public void forgetErased() {
    if (dead.get() > 0) {
      compact();
    }
  }

  /**
   * The same once one record in {@value #DEAD_SHARE} serves nobody, and otherwise a day after it
   * was last done. Registering people waits meanwhile: about a second for a million people.
   *
   * @throws java.io.UncheckedIOException if the journal could not be written anew; it is as before
   */
  public synchronized void tidy(Instant now) {
    if (dead.get() == 0) {
      wholeAt = now;
      return;
    }
    // At the first time nobody knows since when: as of now.
    wholeAt = wholeAt.isAfter(now) ? now : wholeAt;
    if (dead.get() * DEAD_SHARE >= records.get() || !now.isBefore(wholeAt.plus(LONGEST))) {
      compact();
      wholeAt = now;
    }
  }

  // A crash leaves the old journal or the new one, whole. What is appended meanwhile waits, and is
  // counted afterwards: hence what was dead before is taken off, and not everything.
  void compact() {
    long deadBefore = dead.get();
    long dropped;
    synchronized (marking) {
      AtomicLong writes = new AtomicLong();
      AppendFile.Compacted compacted =
          file.compact(
              record -> subjectOf(record).value(),
              record -> record[0] == LIVES && !erased.test(subjectOf(record)),
              head -> {
                writes.set(before + head.writes());
                return List.of(writesRecord(writes.get()));
              });
      before = writes.get() - compacted.head().writes();
      dropped = compacted.dropped();
    }
    records.addAndGet(-dropped);
    dead.addAndGet(-deadBefore);
  }

  private static byte[] writesRecord(long writes) {
    return ByteBuffer.allocate(1 + 16 + Long.BYTES)
        .put(WRITES)
        .put(new byte[16])
        .putLong(writes)
        .array();
  }

  /** How long the file is. */
  long bytes() {
    return file.length();
  }

  /** How far the journal has come, to be compared with what was seen of it. */
  public Head head() {
    return file.head();
  }

  boolean accepts() {
    return file.accepts();
  }

  void close() {
    file.close();
    try {
      mark.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close what lies beside `" + path + "`", e);
    }
  }

  private static SubjectId subjectOf(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record, 1, 16);
    return new SubjectId(new UUID(in.getLong(), in.getLong()));
  }

  private static int generationOf(byte[] record) {
    return ByteBuffer.wrap(record).getInt(1 + 16 + Integer.BYTES);
  }

  private static WrappedKey keyIn(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record, 17, record.length - 17);
    int epoch = in.getInt();
    int generation = in.getInt();
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return new WrappedKey(epoch, generation, bytes);
  }
}
