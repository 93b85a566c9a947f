package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a data directory: {@code pg} the cluster, {@code postgres.log} what the server
 * says, {@code connection.properties} how to reach it, {@code lock} who runs it.
 *
 * <p>A directory made here is open to its owner alone; files of ours in it are too. The cluster
 * belongs to the account the server runs as, which needs no right on the directories above it.
 */
record DataDirectory(Path root) {
  static final String PENDING = "restore-pending";
  static final String RECOVERED = "restore-recovered";

  DataDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** The directory by the one name that does not lead through links. */
  Path realRoot() {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  Path cluster() {
    return root.resolve("pg");
  }

  /** Where a cluster is built before it takes its place in one step. */
  Path unfinishedCluster() {
    return root.resolve("pg.unfinished");
  }

  Path log() {
    return root.resolve("postgres.log");
  }

  Path connectionFile() {
    return root.resolve("connection.properties");
  }

  Path lock() {
    return root.resolve("lock");
  }

  /** There while the directory was restored from a backup and is not up to date. */
  Path restorePending() {
    return root.resolve(PENDING);
  }

  /** Where a backup is copied to before it is whole. */
  Path restoring() {
    return root.resolveSibling(root.getFileName() + ".restoring");
  }

  /** There once the database that was restored has come up. */
  Path restoreRecovered() {
    return root.resolve(RECOVERED);
  }

  /**
   * What an old copy has, and was erased since, must not be served.
   *
   * @throws StartRefused if it is not up to date
   */
  static void refusePending(DataDirectory data) {
    if (!Files.exists(data.root()) && Files.exists(data.restoring())) {
      throw new StartRefused(
          "a restore to `"
              + data.root()
              + "` was cut short while it copied; run `pledge restore --from BACKUP` again, or delete"
              + " `"
              + data.restoring()
              + "`");
    }
    if (Files.exists(data.restorePending())) {
      throw new StartRefused(
          "`"
              + data.root()
              + "` was restored from a backup and is not up to date yet; finish with `pledge restore"
              + " --data "
              + data.root()
              + "` and its --keys");
    }
  }

  boolean hasCluster() {
    return Files.exists(cluster().resolve("PG_VERSION"));
  }

  /** Makes the directory if it is missing. */
  void create() {
    try {
      if (!Files.isDirectory(root)) {
        Path parent = root.getParent();
        Files.createDirectories(parent == null ? root : parent);
        Files.createDirectory(
            root,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (FileAlreadyExistsException e) {
      throw new StartRefused("`" + root + "` is not a directory; choose another data directory", e);
    } catch (IOException e) {
      throw notWritable(e);
    }
    if (!Files.isWritable(root)) {
      throw notWritable(null);
    }
  }

  StartRefused notWritable(@Nullable IOException cause) {
    return new StartRefused(
        "could not write to the data directory `"
            + root
            + "`; make it writable for the user of this process, free space on its disk, or choose"
            + " another one",
        cause);
  }

  /** Replaces one of our files in one step: after a crash the old or the new one is there. */
  void replace(Path file, List<String> lines) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, privateFile());
    Files.write(fresh, lines, StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    sync(root);
  }

  static FileAttribute<Set<PosixFilePermission>> privateFile() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  }

  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
