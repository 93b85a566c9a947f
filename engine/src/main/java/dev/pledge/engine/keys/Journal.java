package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The key journal: which wrapped key each living person has now, in the key store and therefore
 * apart from the database and its backups. A database restored from an old copy is brought up to
 * date by it: who has no key here any more stays forgotten.
 *
 * <p>Guarantees: a key or tombstone that was acknowledged survives a crash; an altered journal is
 * refused when the key store is opened. A key may be here without its person having been registered
 * (the database refused afterwards); the reverse cannot be. The wrapped key of an erased person
 * stays in the file until {@link #compact}, and copies of the file until they expire: only the end
 * of the epoch makes those unreadable.
 *
 * <p>Safe for use by many threads; those that write at the same time share one fsync.
 */
public final class Journal {
  private static final byte LIVES = 1;
  private static final byte GONE = 2;

  private final AppendFile file;

  private Journal(AppendFile file) {
    this.file = file;
  }

  /**
   * Opens the journal.
   *
   * @throws KeyStoreRefusedException if it was altered
   */
  static Journal open(Path path, AppendFile.Seal seal, Access access) throws IOException {
    return new Journal(AppendFile.open(path, seal, access, (records, head) -> {}));
  }

  /** Durable when this returns. */
  void put(SubjectId subject, WrappedKey wrapped) {
    byte[] bytes = wrapped.bytes();
    file.append(
        ByteBuffer.allocate(1 + 16 + Integer.BYTES + Integer.BYTES + bytes.length)
            .put(LIVES)
            .put(Framed.bytesOf(subject.value()))
            .putInt(wrapped.epoch())
            .putInt(wrapped.generation())
            .put(bytes)
            .array());
  }

  /** The person's key is gone. Durable when this returns. */
  void tombstone(SubjectId subject) {
    file.append(ByteBuffer.allocate(1 + 16).put(GONE).put(Framed.bytesOf(subject.value())).array());
  }

  /**
   * The wrapped key of every person who has one, in memory: about 300 bytes a person. For bringing
   * a restored database up to date, not for everyday reads.
   */
  public Map<SubjectId, WrappedKey> current() {
    Map<SubjectId, WrappedKey> current = new LinkedHashMap<>();
    file.forEach(record -> apply(record, current));
    return current;
  }

  /** Which of the persons still have a key here. Reads the whole journal; for starting. */
  public Set<SubjectId> living(Predicate<SubjectId> of) {
    Set<SubjectId> living = new LinkedHashSet<>();
    file.forEach(
        record -> {
          SubjectId subject = new SubjectId(subjectOf(record));
          if (record[0] == GONE) {
            living.remove(subject);
          } else if (of.test(subject)) {
            living.add(subject);
          }
        });
    return living;
  }

  /**
   * Writes the journal anew without tombstones and keys that were replaced. A crash leaves the old
   * journal or the new one, whole. Registering people waits meanwhile.
   */
  public void compact() {
    file.compact(Journal::subjectOf, record -> record[0] == LIVES);
  }

  /** How far the journal has come, to be compared with what was seen of it. */
  public Head head() {
    return file.head();
  }

  void close() {
    file.close();
  }

  private static UUID subjectOf(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record, 1, 16);
    return new UUID(in.getLong(), in.getLong());
  }

  private static void apply(byte[] record, Map<SubjectId, WrappedKey> current) {
    SubjectId subject = new SubjectId(subjectOf(record));
    if (record[0] == GONE) {
      current.remove(subject);
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(record, 17, record.length - 17);
    int epoch = in.getInt();
    int generation = in.getInt();
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    current.put(subject, new WrappedKey(epoch, generation, bytes));
  }
}
