package dev.pledge.engine.keys;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only grows, record by record, and keeps what it acknowledged.
 *
 * <p>Form: a header (magic, deployment, basis, code), then {@linkplain Frame frames}. Each code is
 * an HMAC over the code before and the frame's records, under a key that this file alone is written
 * with: a record changed, removed or moved, or a file of another role or deployment, is found when
 * the file is opened. Whole frames cut off the end are not found here: compare {@link #head} with
 * one kept elsewhere.
 *
 * <p>One frame holds all records that waited while the disk was busy, so that one fsync
 * acknowledges them together. A frame is begun only when the frame before it is durable. Hence a
 * crash leaves at most one torn frame, the last, of which nothing was acknowledged: it is cut off
 * at the next opening. A damaged frame before a whole one is no crash but a fault, and refused.
 *
 * <p>Safe for use by many threads. {@link RandomAccessFile} and not a channel, because interrupting
 * a thread inside a channel closes it for all.
 */
final class AppendFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AppendFile.class);
  private static final byte[] MAGIC = "PLEDGE-APPEND-01".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = MAGIC.length + 16 + Hmac.BYTES + Hmac.BYTES;
  private static final int RECORDS_PER_COMPACTED_FRAME = 1_000;
  private static final int BUFFER = 1 << 16;

  /** Is handed what a file holds while it is opened, so that it is read once. */
  @FunctionalInterface
  interface Opening {
    /** {@code records} were written together; with them the file had come to {@code head}. */
    void read(List<byte[]> records, Head head);
  }

  /** Whose file it is and how its codes are made. */
  record Seal(Hmac hmac, Secret key, UUID deployment) implements AutoCloseable {
    byte[] after(byte[] code, byte[] joined) {
      return hmac.code(key.as(Hmac.ALGORITHM), code, joined);
    }

    /** {@code basis}: the code a compacted file went on from, zeros for a new one. */
    byte[] header(byte[] basis) {
      byte[] body =
          ByteBuffer.allocate(HEADER_BYTES - Hmac.BYTES)
              .put(MAGIC)
              .put(Framed.bytesOf(deployment))
              .put(basis)
              .array();
      return ByteBuffer.allocate(HEADER_BYTES)
          .put(body)
          .put(hmac.code(key.as(Hmac.ALGORITHM), body))
          .array();
    }

    @Override
    public void close() {
      key.close();
    }
  }

  /** Where a file's whole frames end. */
  private static final class Tail {
    final byte[] code;
    final long end;
    final long frames;

    private Tail(byte[] code, long end, long frames) {
      this.code = code;
      this.end = end;
      this.frames = frames;
    }

    static Tail ofHeader(byte[] header) {
      return new Tail(
          Arrays.copyOfRange(header, HEADER_BYTES - Hmac.BYTES, HEADER_BYTES), HEADER_BYTES, 0);
    }

    Tail after(Frame frame) {
      return new Tail(frame.code(), end + frame.length(), frames + 1);
    }

    Head head() {
      return new Head(frames, HexFormat.of().formatHex(code));
    }
  }

  /** Records that share a frame. Whoever brings the first of them writes it for all. */
  private static final class Batch {
    /** Guarded by {@link #gathering} until the batch is taken out of {@link #next}. */
    final List<byte[]> records = new ArrayList<>();

    final CompletableFuture<Boolean> durable = new CompletableFuture<>();
  }

  private final Path path;
  private final Seal seal;

  /** Held while writing: orders frames. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Guarded by {@link #writing}. */
  private RandomAccessFile file;

  /** Guarded by {@link #writing}: what is durable. */
  private Tail tail;

  /**
   * Written under {@link #writing}: false for a read-only or closed file, and after a fault until
   * the file is opened again.
   */
  private volatile boolean accepts;

  private final Object gathering = new Object();

  /** Guarded by {@link #gathering}: the records of the next frame. */
  private Batch next = new Batch();

  private AppendFile(Path path, Seal seal, RandomAccessFile file, Tail tail, boolean accepts) {
    this.path = path;
    this.seal = seal;
    this.file = file;
    this.tail = tail;
    this.accepts = accepts;
  }

  /** Makes an empty file; the caller syncs its directory. */
  static void create(Path path, Seal seal) throws IOException {
    PrivateDirectory.newFile(path);
    try (FileOutputStream out = new FileOutputStream(path.toFile())) {
      out.write(seal.header(new byte[Hmac.BYTES]));
      out.getFD().sync();
    }
  }

  /**
   * Opens the file, checks all of it and, if it is opened to be written, cuts off a torn end.
   *
   * @param reader is handed what was checked, in order, also of a file that is then refused
   * @throws KeyStoreRefusedException if it is of another role or deployment, altered or damaged
   */
  static AppendFile open(Path path, Seal seal, Access access, Opening reader) throws IOException {
    Tail tail = check(path, seal, reader);
    boolean writes = access == Access.WRITE;
    if (writes) {
      // What a compaction that was cut short left there still holds what the next one may drop.
      Files.deleteIfExists(unfinished(path));
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), writes ? "rw" : "r");
    long torn = file.length() - tail.end;
    if (writes && torn > 0) {
      // A crash before the sync leaves the torn end in place: it is cut off the next time.
      file.setLength(tail.end);
      file.getFD().sync();
      LOG.warn("cut {} bytes of an unfinished write off `{}`", torn, path);
    }
    return new AppendFile(path, seal, file, tail, writes);
  }

  private static Tail check(Path path, Seal seal, Opening reader) throws IOException {
    long size = Files.size(path);
    try (DataInputStream in = dataFrom(path)) {
      Tail tail = Tail.ofHeader(checkHeader(path, seal, in.readNBytes(HEADER_BYTES)));
      Frame frame = Frame.read(in, size - tail.end);
      while (frame != null) {
        if (!MessageDigest.isEqual(frame.code(), seal.after(tail.code, frame.joined()))) {
          throw damaged(path);
        }
        tail = tail.after(frame);
        reader.read(frame.records(), tail.head());
        frame = Frame.read(in, size - tail.end);
      }
      if (Frame.anyAfter(path, tail.end)) {
        throw damaged(path);
      }
      return tail;
    }
  }

  private static byte[] checkHeader(Path path, Seal seal, byte[] header) {
    int basis = MAGIC.length + 16;
    if (header.length != HEADER_BYTES
        || !MessageDigest.isEqual(
            header, seal.header(Arrays.copyOfRange(header, basis, basis + Hmac.BYTES)))) {
      throw damaged(path);
    }
    return header;
  }

  /**
   * Appends a record; durable when this returns.
   *
   * @throws UncheckedIOException if it could not be written: whether it is kept is unknown until
   *     the file is opened again, and nothing more is accepted until then
   */
  void append(byte[] record) {
    append(List.of(record));
  }

  /** The same of records that are written together; at least one. */
  void append(List<byte[]> records) {
    Batch batch;
    boolean first;
    synchronized (gathering) {
      batch = next;
      first = batch.records.isEmpty();
      batch.records.addAll(records);
    }
    if (first) {
      settle(batch);
    }
    if (!batch.durable.join()) {
      throw notAccepting();
    }
  }

  private void settle(Batch batch) {
    boolean durable = false;
    writing.lock();
    try {
      // Membership closes here, before the first byte is written.
      synchronized (gathering) {
        next = new Batch();
      }
      durable = accepts && tryWrite(batch.records);
    } finally {
      writing.unlock();
      batch.durable.complete(durable);
    }
  }

  private boolean tryWrite(List<byte[]> records) {
    boolean written = false;
    try {
      write(Frame.join(records));
      written = true;
    } catch (IOException e) {
      LOG.error("could not append to `{}`; it accepts nothing more", path, e);
    } finally {
      accepts = written;
    }
    return written;
  }

  // A crash before the sync returns leaves a torn or a whole frame that nobody was told of.
  private void write(byte[] joined) throws IOException {
    Frame frame = new Frame(joined, seal.after(tail.code, joined));
    file.seek(tail.end);
    file.write(frame.bytes());
    file.getFD().sync();
    tail = tail.after(frame);
  }

  /** Whether it takes records: not if it is read-only or closed, nor after a fault. */
  boolean accepts() {
    return accepts;
  }

  /** Of what is durable, in bytes. */
  long length() {
    writing.lock();
    try {
      return tail.end;
    } finally {
      writing.unlock();
    }
  }

  Head head() {
    writing.lock();
    try {
      return tail.head();
    } finally {
      writing.unlock();
    }
  }

  /** Hands the records that are durable now to {@code reader}, in order; appends need not wait. */
  void forEach(Consumer<byte[]> reader) {
    Tail until;
    DataInputStream in;
    writing.lock();
    try {
      until = tail;
      in = dataFrom(path);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + path + "`", e);
    } finally {
      writing.unlock();
    }
    // What was opened stays readable, though a compaction puts another file in its place.
    try (in) {
      in.skipNBytes(HEADER_BYTES);
      for (long at = HEADER_BYTES; at < until.end; ) {
        Frame frame = Frame.read(in, until.end - at);
        if (frame == null) {
          throw damaged(path);
        }
        frame.records().forEach(reader);
        at += frame.length();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + path + "`", e);
    }
  }

  /**
   * What came of writing a file anew.
   *
   * @param dropped how many records were left out
   * @param head how far the new file has come
   */
  record Compacted(long dropped, Head head) {}

  /**
   * Writes the file anew with the last record of each key, in order, without those that {@code
   * keeps} refuses. A crash leaves the old file or the new one, whole. Appends wait.
   *
   * @param last is told how far the old file has come, and gives records to end the new one with
   */
  Compacted compact(
      Function<byte[], UUID> keyOf, Predicate<byte[]> keeps, Function<Head, List<byte[]>> last) {
    writing.lock();
    try {
      if (!accepts) {
        throw notAccepting();
      }
      Path fresh = PrivateDirectory.newFile(unfinished(path));
      try (Survivors survivors = new Survivors(fresh, seal, seal.header(tail.code))) {
        long dropped = writeSurvivors(survivors, keyOf, keeps, last.apply(tail.head()));
        replaceBy(fresh, survivors.tail);
        return new Compacted(dropped, tail.head());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not compact `" + path + "`", e);
    } finally {
      writing.unlock();
    }
  }

  private static Path unfinished(Path path) {
    return path.resolveSibling(path.getFileName() + ".new");
  }

  /** Answers how many did not survive. */
  private long writeSurvivors(
      Survivors survivors, Function<byte[], UUID> keyOf, Predicate<byte[]> keeps, List<byte[]> last)
      throws IOException {
    Map<UUID, Long> lastOfKey = new HashMap<>();
    long[] ordinals = new long[2];
    forEach(record -> lastOfKey.put(keyOf.apply(record), ordinals[0]++));
    forEach(
        record -> {
          Long ordinal = ordinals[1]++;
          if (ordinal.equals(lastOfKey.get(keyOf.apply(record))) && keeps.test(record)) {
            survivors.add(record);
          }
        });
    long dropped = ordinals[0] - survivors.written;
    last.forEach(survivors::add);
    survivors.finish();
    return dropped;
  }

  /** The frames of a compacted file. */
  private static final class Survivors implements AutoCloseable {
    private final Seal seal;
    private final FileOutputStream file;
    private final OutputStream out;
    private final List<byte[]> records = new ArrayList<>();
    private Tail tail;
    private long written;

    Survivors(Path path, Seal seal, byte[] header) throws IOException {
      this.seal = seal;
      this.file = new FileOutputStream(path.toFile());
      this.out = new BufferedOutputStream(file, BUFFER);
      this.tail = Tail.ofHeader(header);
      out.write(header);
    }

    void add(byte[] record) {
      records.add(record);
      written++;
      if (records.size() == RECORDS_PER_COMPACTED_FRAME) {
        writeFrame();
      }
    }

    private void writeFrame() {
      if (records.isEmpty()) {
        return;
      }
      byte[] joined = Frame.join(records);
      Frame frame = new Frame(joined, seal.after(tail.code, joined));
      try {
        out.write(frame.bytes());
      } catch (IOException e) {
        throw new UncheckedIOException("could not write a compacted file", e);
      }
      tail = tail.after(frame);
      records.clear();
    }

    /** Durable when this returns, under the name it was begun with. */
    void finish() throws IOException {
      writeFrame();
      out.flush();
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  // After a fault half-way the open file may no longer be the named one: nothing more is accepted.
  private void replaceBy(Path fresh, Tail freshTail) throws IOException {
    boolean replaced = false;
    try {
      PrivateDirectory.rename(fresh, path);
      RandomAccessFile old = file;
      file = new RandomAccessFile(path.toFile(), "rw");
      tail = freshTail;
      replaced = true;
      old.close();
    } finally {
      accepts = replaced;
    }
  }

  /** What is not durable yet is refused. */
  @Override
  public void close() {
    writing.lock();
    try {
      accepts = false;
      seal.close();
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close `" + path + "`", e);
    } finally {
      writing.unlock();
    }
  }

  private UncheckedIOException notAccepting() {
    return new UncheckedIOException(
        new IOException(
            String.format(
                Locale.ROOT,
                "`%s` is read-only, closed or failed; start again once it can be written",
                path)));
  }

  private static DataInputStream dataFrom(Path path) throws IOException {
    InputStream in = Files.newInputStream(path);
    return new DataInputStream(new BufferedInputStream(in, BUFFER));
  }

  private static KeyStoreRefusedException damaged(Path path) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "`%s` is altered, damaged, or not of this key store; restore it from its backup",
            path));
  }
}
