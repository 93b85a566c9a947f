package dev.pledge.engine.keys;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * How far the key journal had come when a key in it was last replaced, in a file beside it: a
 * journal that has not come as far is an older one, with keys that have not forgotten yet.
 *
 * <p>Two slots are written in turn, so that a crash while one is written leaves the other. Does not
 * tell that the journal and this file were put back together.
 *
 * <p>Not for use by several threads at once.
 */
final class JournalMark implements AutoCloseable {
  private static final int SLOT_BYTES = Long.BYTES + Hmac.BYTES;

  /** Apart, so that no write of the disk's touches both. */
  private static final long BETWEEN = 4096;

  private final AppendFile.Seal seal;
  private final RandomAccessFile file;
  private long reached;
  private int slot;

  private JournalMark(AppendFile.Seal seal, RandomAccessFile file) {
    this.seal = seal;
    this.file = file;
  }

  /** Makes the file, of a journal that has not come anywhere; the caller syncs its directory. */
  static void create(Path path, AppendFile.Seal seal) throws IOException {
    PrivateDirectory.newFile(path);
    try (JournalMark mark = new JournalMark(seal, new RandomAccessFile(path.toFile(), "rw"))) {
      mark.write(0);
      mark.write(0);
    }
  }

  /**
   * Opens the file.
   *
   * @throws KeyStoreRefusedException if it was altered
   */
  static JournalMark open(Path path, AppendFile.Seal seal, Access access) throws IOException {
    RandomAccessFile file =
        new RandomAccessFile(path.toFile(), access == Access.WRITE ? "rw" : "r");
    JournalMark mark = new JournalMark(seal, file);
    boolean sound = false;
    for (int i = 0; i < 2; i++) {
      long reached = mark.read(i);
      if (reached >= mark.reached) {
        mark.reached = reached;
        mark.slot = 1 - i;
        sound = true;
      }
    }
    if (!sound) {
      mark.close();
      throw new KeyStoreRefusedException(
          "`" + path + "` is altered or damaged; restore the key store from its backup");
    }
    return mark;
  }

  /** How many writes the journal had seen. */
  long reached() {
    return reached;
  }

  /** Durable when this returns. What is no further than before changes nothing. */
  void reach(long writes) throws IOException {
    if (writes > reached) {
      write(writes);
      reached = writes;
    }
  }

  private void write(long writes) throws IOException {
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(writes).array();
    file.seek(slot * BETWEEN);
    file.write(ByteBuffer.allocate(SLOT_BYTES).put(number).put(codeOf(number)).array());
    file.getFD().sync();
    slot = 1 - slot;
  }

  /** Negative if nothing whole is there. */
  private long read(int from) throws IOException {
    byte[] bytes = new byte[SLOT_BYTES];
    long at = from * BETWEEN;
    if (file.length() < at + SLOT_BYTES) {
      return -1;
    }
    file.seek(at);
    file.readFully(bytes);
    byte[] number = Arrays.copyOf(bytes, Long.BYTES);
    byte[] code = Arrays.copyOfRange(bytes, Long.BYTES, SLOT_BYTES);
    return MessageDigest.isEqual(code, codeOf(number)) ? ByteBuffer.wrap(number).getLong() : -1;
  }

  private byte[] codeOf(byte[] number) {
    return seal.after(new byte[Hmac.BYTES], number);
  }

  @Override
  public void close() throws IOException {
    seal.close();
    file.close();
  }
}
