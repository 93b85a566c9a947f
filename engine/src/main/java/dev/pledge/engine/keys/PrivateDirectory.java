package dev.pledge.engine.keys;

import com.sun.security.auth.module.UnixSystem;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A directory that its owner alone can read, outside the data directory. Files in it are written
 * whole or not at all.
 *
 * <p>Checks what it is given when it is given: who may change a parent directory is out of sight.
 */
final class PrivateDirectory {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  /** Opens {@code directory}, making it (mode 0700) when it is not there. */
  static PrivateDirectory create(Path directory, Path dataDirectory) throws IOException {
    refuseOverlap(directory, dataDirectory);
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent, mode("rwx------"));
    }
    try {
      Files.createDirectory(directory, mode("rwx------"));
    } catch (FileAlreadyExistsException e) {
      // Then it must be private already: open refuses it otherwise.
    }
    return open(directory, dataDirectory);
  }

  /** Opens {@code directory}, which must be there. */
  static PrivateDirectory open(Path directory, Path dataDirectory) throws IOException {
    refuseOverlap(directory, dataDirectory);
    Path real = directory.toRealPath();
    if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new KeyStoreRefusedException(
          "`" + real + "` is not a directory; name a directory for the keys");
    }
    requirePrivate(real, "700");
    return new PrivateDirectory(real);
  }

  /** The directory {@code name} in this one, which must be there. */
  PrivateDirectory within(String name) {
    Path inner = path.resolve(name);
    if (!Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS)) {
      throw new KeyStoreRefusedException(
          "`" + inner + "` is not a directory; restore the key store from its backup");
    }
    requirePrivate(inner, "700");
    return new PrivateDirectory(inner);
  }

  /** A new empty directory {@code name} in this one, in place of what a crash left under it. */
  PrivateDirectory fresh(String name) throws IOException {
    Path inner = path.resolve(name);
    if (Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS)) {
      try (var leftovers = Files.list(inner)) {
        for (Path leftover : leftovers.toList()) {
          Files.delete(leftover);
        }
      }
      Files.delete(inner);
    }
    Files.createDirectory(inner, mode("rwx------"));
    return new PrivateDirectory(inner);
  }

  Path path() {
    return path;
  }

  boolean has(String name) {
    return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** The path of the file {@code name}, once it is seen to be a plain file of the owner alone. */
  Path file(String name) {
    Path file = path.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new KeyStoreRefusedException(
          "no file `" + file + "`; restore the key store from its backup");
    }
    requirePrivate(file, "600");
    return file;
  }

  byte[] read(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /**
   * Writes {@code content} under {@code name}, durably. A crash leaves the old content or the new,
   * never a mixture, and perhaps a `.new` file that the next write replaces.
   */
  void write(String name, byte[] content) throws IOException {
    Path fresh = newFile(path.resolve(name + ".new"));
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
      out.write(content);
      out.getFD().sync();
    }
    rename(fresh, path.resolve(name));
  }

  /** An empty file at {@code file} (mode 0600), in place of what a crash left there. */
  static Path newFile(Path file) throws IOException {
    Files.deleteIfExists(file);
    return Files.createFile(file, mode("rw-------"));
  }

  /** Renames within one directory, durably. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = to.getParent();
    if (directory != null) {
      sync(directory);
    }
  }

  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  // The data directory belongs to the database's account and goes into its backups; neither may
  // reach the keys.
  static void refuseOverlap(Path directory, Path dataDirectory) throws IOException {
    Path keys = resolved(directory);
    Path data = resolved(dataDirectory);
    if (keys.startsWith(data)) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the key directory `%s` lies inside the data directory `%s`; keep it outside",
              keys,
              data));
    }
    if (data.startsWith(keys)) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the data directory `%s` lies inside the key directory `%s`; keep it outside",
              data,
              keys));
    }
  }

  /**
   * The real path; of what is not there yet, the real path of its nearest ancestor and the rest.
   */
  private static Path resolved(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = absolute;
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        return absolute;
      }
      existing = parent;
    }
    return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
  }

  /** Refuses what others may use or own; {@code mode} is what the remedy sets. */
  static void requirePrivate(Path path, String mode) {
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new KeyStoreRefusedException(
            String.format(
                Locale.ROOT,
                "`%s` is open to other accounts; run `chmod %s '%s'`",
                path,
                mode,
                path));
      }
      if (!Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
          .equals(Math.toIntExact(new UnixSystem().getUid()))) {
        throw new KeyStoreRefusedException(
            String.format(
                Locale.ROOT,
                "`%s` belongs to another account; run `chown` on it, or start as its owner",
                path));
      }
    } catch (UnsupportedOperationException e) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "`%s` is on a file system without POSIX permissions; use one that has them",
              path));
    } catch (IOException e) {
      throw new UncheckedIOException("could not check the permissions of `" + path + "`", e);
    }
  }
}
