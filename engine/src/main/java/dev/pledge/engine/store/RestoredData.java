package dev.pledge.engine.store;

import dev.pledge.engine.store.BackupManifest.CopiedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A data directory made of a {@link BaseBackup}. It gets its name when every file in it is durable
 * and the one that was backed up, and bears a mark from the beginning on, by which no server starts
 * on it but the one that brings it up to date. {@link #finish} takes the mark away.
 */
public final class RestoredData {
  private static final String MARK =
      "This data was restored and is not up to date; finish with `pledge restore`.";

  private final DataDirectory data;
  private final Path backup;
  private final Path staging;
  private final CopyProgress progress;
  private final Consumer<CopyStep> reached;
  private final CopiedFiles files = new CopiedFiles();

  RestoredData(Path backup, Path data, CopyProgress progress, Consumer<CopyStep> reached) {
    this.data = new DataDirectory(data);
    this.backup = backup;
    this.staging = this.data.restoring();
    this.progress = progress;
    this.reached = reached;
  }

  /**
   * Copies a backup into a data directory that is not there yet, or in the place of one whose
   * restore was cut off before its database had come up.
   *
   * @throws StartRefused if there is no whole backup, it is damaged, or something could not be
   *     written; then there is no data directory
   */
  public static void copy(Path backup, Path data, CopyProgress progress) {
    new RestoredData(backup, data, progress, step -> {}).copy();
  }

  /**
   * Whether there is a data directory that was restored, whose database has come up, and that is
   * not up to date: nothing more is needed of the backup.
   */
  public static boolean isRecovered(Path directory) {
    DataDirectory data = new DataDirectory(directory);
    return Files.exists(data.restorePending()) && Files.exists(data.restoreRecovered());
  }

  /**
   * Notes that the database has come up. One that was cut off before, while it read what the backup
   * has of the write-ahead log, may never do so; it is copied anew.
   */
  public static void recovered(Path directory) {
    DataDirectory data = new DataDirectory(directory);
    try {
      if (!Files.exists(data.restoreRecovered())) {
        Files.createFile(data.restoreRecovered(), DataDirectory.privateFile());
        DataDirectory.sync(data.root());
      }
    } catch (IOException e) {
      throw data.notWritable(e);
    }
  }

  /** From now on servers may start on it. To be called once it is up to date. */
  public static void finish(Path directory) {
    DataDirectory data = new DataDirectory(directory);
    try {
      Files.deleteIfExists(data.restorePending());
      Files.deleteIfExists(data.restoreRecovered());
      DataDirectory.sync(data.root());
    } catch (IOException e) {
      throw data.notWritable(e);
    }
  }

  void copy() {
    boolean begun = isBegun();
    if (!begun && Files.exists(data.root(), LinkOption.NOFOLLOW_LINKS)) {
      throw new StartRefused(
          "`"
              + data.root()
              + "` is there already, and is never written over; name a new directory");
    }
    BackupManifest manifest = manifest();
    try {
      DataDirectory.deleteTree(staging);
      if (begun) {
        EmbeddedPostgres.moveAway(data, staging);
        DataDirectory.deleteTree(staging);
      }
      Path parent = data.root().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      CopiedFiles.makeDirectory(staging);
      Files.writeString(
          Files.createFile(staging.resolve(DataDirectory.PENDING), DataDirectory.privateFile()),
          MARK + "\n");
      reached.accept(CopyStep.STAGED);
      for (String directory : manifest.directories()) {
        CopiedFiles.makeDirectory(staging.resolve(directory));
      }
      long done = 0;
      for (CopiedFile file : manifest.files()) {
        copy(file);
        done += file.size();
        progress.at(done, manifest.size());
      }
      files.sync();
      for (String directory : manifest.directories()) {
        DataDirectory.sync(staging.resolve(directory));
      }
      DataDirectory.sync(staging);
      reached.accept(CopyStep.DESCRIBED);
      Files.move(staging, data.root(), StandardCopyOption.ATOMIC_MOVE);
      if (parent != null) {
        DataDirectory.sync(parent);
      }
      reached.accept(CopyStep.NAMED);
    } catch (IOException e) {
      throw data.notWritable(e);
    }
  }

  private boolean isBegun() {
    return Files.exists(data.restorePending()) && !Files.exists(data.restoreRecovered());
  }

  private void copy(CopiedFile expected) throws IOException {
    reached.accept(CopyStep.FILE_BEGUN);
    Path from = backup.resolve("data").resolve(expected.path());
    if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      throw damaged(expected.path(), null);
    }
    CopiedFile copied = files.copy(from, staging.resolve(expected.path()), expected.path());
    if (!copied.equals(expected)) {
      throw damaged(expected.path(), null);
    }
    reached.accept(CopyStep.FILE_COPIED);
  }

  private BackupManifest manifest() {
    Path file = backup.resolve(BackupManifest.NAME);
    BackupManifest manifest;
    try {
      manifest = BackupManifest.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new StartRefused(
          "`" + backup + "` is no whole backup: it has no manifest; name another", e);
    } catch (IllegalArgumentException | IOException e) {
      throw damaged(BackupManifest.NAME, e);
    }
    if (!manifest.postgres().equals(Binaries.MAJOR)) {
      throw new StartRefused(
          "the backup is of PostgreSQL "
              + manifest.postgres()
              + " and this build brings "
              + Binaries.MAJOR
              + "; restore it with the build that made it");
    }
    return manifest;
  }

  private StartRefused damaged(String path, @Nullable Exception cause) {
    return new StartRefused(
        "the backup `"
            + backup
            + "` is damaged: `"
            + path
            + "` is not the file that was backed up; restore another one",
        cause);
  }
}
