package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds a data directory for this process. The operating system gives it up when the process ends,
 * however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  // POSIX drops a process's lock on a file when the process closes any descriptor of it. So a
  // second holder in this process is refused here, before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static DirectoryLock take(DataDirectory data) {
    Path directory = data.realRoot();
    if (!HELD_HERE.add(directory)) {
      throw new DataDirectoryLocked(directory, "this process");
    }
    DirectoryLock lock = null;
    try {
      lock = lock(data, directory);
      return lock;
    } catch (IOException e) {
      throw data.notWritable(e);
    } finally {
      if (lock == null) {
        HELD_HERE.remove(directory);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StartRefused("could not give up the data directory `" + directory + "`", e);
    } finally {
      HELD_HERE.remove(directory);
    }
  }

  private static DirectoryLock lock(DataDirectory data, Path directory) throws IOException {
    FileChannel channel = FileChannel.open(data.lock(), OPTIONS, DataDirectory.privateFile());
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) {
        throw new DataDirectoryLocked(directory, holder(channel));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new DirectoryLock(directory, channel);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    return pid.matches("\\d+") ? "process " + pid : "another process";
  }
}
