package dev.pledge.engine.store;

import dev.pledge.engine.store.BackupManifest.CopiedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Writes files for their owner alone, and tells what was written. {@link #sync} makes them durable.
 */
final class CopiedFiles {
  private static final int BUFFER = 1 << 20;
  static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final byte[] buffer = new byte[BUFFER];
  private final List<Path> written = new ArrayList<>();

  /** All that was written here is durable when this returns. */
  void sync() throws IOException {
    // Many at once, since a disk makes as many durable in the time of one.
    try {
      written.parallelStream().forEach(CopiedFiles::force);
      written.clear();
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  private static void force(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, PRIVATE);
  }

  /** Copies a file; what is written is what the digest is of. */
  CopiedFile copy(Path from, Path to, String path) throws IOException {
    try (InputStream in = Files.newInputStream(from)) {
      return write(in, to, path);
    }
  }

  CopiedFile write(InputStream in, Path to, String path) throws IOException {
    MessageDigest digest = BackupManifest.sha256();
    long size = 0;
    try (FileChannel out = FileChannel.open(to, NEW, DataDirectory.privateFile())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          size += out.write(bytes);
        }
      }
    }
    written.add(to);
    return new CopiedFile(path, size, HexFormat.of().formatHex(digest.digest()));
  }
}
