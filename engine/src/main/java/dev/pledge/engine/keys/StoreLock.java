package dev.pledge.engine.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The right to write a key store: one process has it, and one opening within the process. */
final class StoreLock implements AutoCloseable {
  private static final String FILE = "lock";

  // A lock on a file is the process's, not the channel's: to close a second channel on it, even one
  // that was refused the lock, would release the first one's. So the file is not even opened twice.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private StoreLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting.
   *
   * @throws KeyStoreRefusedException if it is taken
   */
  static StoreLock take(PrivateDirectory directory) throws IOException {
    Path path = directory.path().resolve(FILE);
    if (!HELD.add(path)) {
      throw taken(directory);
    }
    boolean locked = false;
    try {
      if (!directory.has(FILE)) {
        var _ = PrivateDirectory.newFile(path);
      }
      FileChannel channel = FileChannel.open(directory.file(FILE), StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        channel.close();
        throw taken(directory);
      }
      return new StoreLock(path, channel);
    } finally {
      if (!locked) {
        HELD.remove(path);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not release `" + path + "`", e);
    } finally {
      HELD.remove(path);
    }
  }

  private static KeyStoreRefusedException taken(PrivateDirectory directory) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "the key store in `%s` is in use by another process; stop that one first",
            directory.path()));
  }
}
