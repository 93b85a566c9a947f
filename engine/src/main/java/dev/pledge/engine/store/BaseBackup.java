package dev.pledge.engine.store;

import dev.pledge.engine.store.BackupManifest.CopiedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A base backup of the embedded server, made while it serves: PostgreSQL's files between {@code
 * pg_backup_start} and {@code pg_backup_stop}, and the write-ahead log of that time, which makes
 * one moment of them. If no server runs, one is started for the purpose.
 *
 * <p>Guarantees: the target has its name once everything in it is durable, and not before; it is
 * its owner's alone; nothing but the database and how to reach it is in it. The write-ahead log is
 * kept for the copying by a slot that ends with its connection, so that neither a long backup nor
 * one that was killed loses or leaves anything.
 */
public final class BaseBackup {
  /** What a server makes anew, or what is of the run that it was copied from. */
  private static final Set<String> EMPTIED =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT =
      Set.of("postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map");
  private static final String CLUSTER = "pg";
  private static final String CONTROL = "pg/global/pg_control";
  private static final int WAL_NAME = 24;

  private final DataDirectory data;
  private final Path target;
  private final Path staging;
  private final InstantSource clock;
  private final CopyProgress progress;
  private final Consumer<CopyStep> reached;
  private final CopiedFiles files = new CopiedFiles();
  private final List<String> directories = new ArrayList<>();
  private final List<CopiedFile> copied = new ArrayList<>();
  private long done;
  private long all;

  /** What was made. */
  public record Made(int files, long bytes) {}

  BaseBackup(
      Path data,
      Path target,
      InstantSource clock,
      CopyProgress progress,
      Consumer<CopyStep> reached) {
    this.data = new DataDirectory(data);
    this.target = target.toAbsolutePath().normalize();
    this.staging = unfinished(this.target);
    this.clock = clock;
    this.progress = progress;
    this.reached = reached;
  }

  /** Where a copy lies until it is whole. */
  static Path unfinished(Path target) {
    return target.resolveSibling(target.getFileName() + ".unfinished");
  }

  /**
   * Makes a backup.
   *
   * @param data the data directory
   * @param target a directory that is not there yet; the caller has seen that it lies apart
   * @throws StartRefused if there is nothing to back up, the target is there, or something could
   *     not be read or written; then there is no target
   */
  public static Made make(
      Path data, Path target, SecureRandom random, InstantSource clock, CopyProgress progress) {
    if (!EmbeddedPostgres.existsIn(data)) {
      throw new StartRefused(
          "`"
              + data
              + "` holds no database of Pledge's own; name its data directory, or back up a"
              + " server of your own with its own tools");
    }
    BaseBackup backup = new BaseBackup(data, target, clock, progress, step -> {});
    try (EmbeddedPostgres own = EmbeddedPostgres.open(data, random)) {
      return backup.make(own.superuser("postgres").getConnection());
    } catch (DataDirectoryLocked running) {
      return backup.beside();
    } catch (SQLException e) {
      throw backup.failed(e);
    }
  }

  private Made beside() {
    DataDirectory.refusePending(data);
    try {
      return make(ServerKeys.read(data).superuser("postgres").getConnection());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Makes it over a connection, which is closed. */
  Made make(Connection opened) {
    try (Connection connection = opened) {
      stage();
      boolean whole = false;
      try {
        BackupManifest manifest = copyAll(connection);
        finish(manifest);
        whole = true;
        return new Made(manifest.files().size(), manifest.size());
      } finally {
        if (!whole) {
          discard();
        }
      }
    } catch (SQLException | IOException e) {
      throw failed(e);
    }
  }

  private StartRefused failed(Exception cause) {
    return new StartRefused(
        "could not back up `"
            + data.root()
            + "` to `"
            + target
            + "`; see to the space and rights there, and whether the database runs, and try again",
        cause);
  }

  private void stage() throws IOException {
    PrivateCopy.requireParent(target);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new StartRefused("`" + target + "` is there already; name a new directory");
    }
    // Left by one that was killed: it has no manifest and is no backup.
    DataDirectory.deleteTree(staging);
    try {
      CopiedFiles.makeDirectory(staging);
    } catch (FileAlreadyExistsException e) {
      throw new StartRefused(
          "another backup to `" + target + "` is being made; wait for it, or name another", e);
    }
    reached.accept(CopyStep.STAGED);
  }

  private void discard() {
    try {
      DataDirectory.deleteTree(staging);
    } catch (IOException e) {
      // The next backup to the same place deletes it; without a manifest it is none.
    }
  }

  private BackupManifest copyAll(Connection connection) throws SQLException, IOException {
    keepWal(connection);
    String start = text(connection, "select pg_backup_start('pledge', fast => true)::text");
    reached.accept(CopyStep.STARTED);
    List<Path> found = look();
    CopiedFiles.makeDirectory(staging.resolve("data"));
    for (Path each : found) {
      copy(each);
    }
    // After the others, as PostgreSQL's own tool does.
    copy(data.root().resolve(CONTROL));
    copy(data.connectionFile());
    Stopped stopped = stop(connection);
    reached.accept(CopyStep.STOPPED);
    copyWal(connection, start, stopped.lsn);
    reached.accept(CopyStep.WAL_COPIED);
    return new BackupManifest(
        clock.instant(), Binaries.MAJOR, start, stopped.lsn, directories, copied);
  }

  // A checkpoint deletes what of the write-ahead log nobody needs; whoever has a slot needs it.
  private static void keepWal(Connection connection) throws SQLException {
    byte[] name = new byte[8];
    new SecureRandom().nextBytes(name);
    try (PreparedStatement slot =
        connection.prepareStatement(
            """
            select pg_create_physical_replication_slot(?, immediately_reserve => true,
              temporary => true)
            """)) {
      slot.setString(1, "pledge_backup_" + HexFormat.of().formatHex(name));
      slot.execute();
    }
  }

  private List<Path> look() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> tree = Files.list(data.cluster())) {
      directories.add(CLUSTER);
      for (Path each : tree.sorted().toList()) {
        look(each, found);
      }
    }
    all = copiedSize(found);
    return found;
  }

  private void look(Path path, List<Path> found) throws IOException {
    String name = path.getFileName().toString();
    if (Files.isSymbolicLink(path)) {
      throw new StartRefused(
          "`" + path + "` leads elsewhere, and Pledge backs up one directory; move it into place");
    }
    if (!BackupManifest.isSafe(relative(path))) {
      throw new StartRefused(
          "`" + path + "` is no file of PostgreSQL's by its name; move it elsewhere and try again");
    }
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (name.startsWith("pgsql_tmp")) {
        return;
      }
      directories.add(relative(path));
      if (!EMPTIED.contains(name)) {
        try (Stream<Path> tree = Files.list(path)) {
          for (Path each : tree.sorted().toList()) {
            look(each, found);
          }
        } catch (NoSuchFileException e) {
          // A database that was dropped meanwhile.
        }
      }
    } else if (isCopied(path, name)) {
      found.add(path);
    }
  }

  private boolean isCopied(Path path, String name) {
    return !LEFT_OUT.contains(name)
        && !name.startsWith("pgsql_tmp")
        && !name.startsWith("pg_internal.init")
        && !relative(path).equals(CONTROL);
  }

  private String relative(Path path) {
    return data.root().relativize(path).toString();
  }

  private static long copiedSize(List<Path> found) {
    long size = 0;
    for (Path each : found) {
      size += each.toFile().length();
    }
    return size;
  }

  private void copy(Path from) throws IOException {
    String path = relative(from);
    if (!path.startsWith(CLUSTER + "/")) {
      add(files.copy(from, place(path), path));
      return;
    }
    reached.accept(CopyStep.FILE_BEGUN);
    try {
      add(files.copy(from, place(path), path));
    } catch (NoSuchFileException e) {
      // A table that was dropped or written anew meanwhile: recovery knows.
      if (Files.exists(from)) {
        throw e;
      }
    }
    reached.accept(CopyStep.FILE_COPIED);
  }

  private Path place(String path) throws IOException {
    Path to = staging.resolve("data").resolve(path);
    Files.createDirectories(to.getParent(), CopiedFiles.PRIVATE);
    return to;
  }

  private void add(CopiedFile file) {
    copied.add(file);
    done += file.size();
    progress.at(Math.min(done, all), all);
  }

  private record Stopped(String lsn) {}

  private Stopped stop(Connection connection) throws SQLException, IOException {
    try (PreparedStatement stop =
            connection.prepareStatement(
                """
                select lsn::text, labelfile, coalesce(spcmapfile, '')
                from pg_backup_stop(wait_for_archive => false)
                """);
        ResultSet row = stop.executeQuery()) {
      row.next();
      if (!row.getString(3).isBlank()) {
        throw new StartRefused(
            "the database has tablespaces of its own, which Pledge does not back up; use"
                + " PostgreSQL's own tools");
      }
      byte[] label = row.getString(2).getBytes(StandardCharsets.UTF_8);
      String path = CLUSTER + "/backup_label";
      add(files.write(new ByteArrayInputStream(label), place(path), path));
      return new Stopped(row.getString(1));
    }
  }

  /** The segments from the one recovery begins in to the one it has to reach, none missing. */
  private void copyWal(Connection connection, String start, String stop)
      throws SQLException, IOException {
    for (String segment : segments(connection, start, stop)) {
      String path = CLUSTER + "/pg_wal/" + segment;
      try {
        add(files.copy(data.root().resolve(path), place(path), path));
      } catch (NoSuchFileException e) {
        throw new StartRefused(
            "the write-ahead log `" + segment + "` is gone; see who else deletes it, and try again",
            e);
      }
    }
  }

  private static List<String> segments(Connection connection, String start, String stop)
      throws SQLException {
    try (PreparedStatement names =
        connection.prepareStatement(
            """
            select distinct pg_walfile_name('0/0'::pg_lsn + at) as name
            from pg_settings,
              lateral generate_series(
                trunc((?::pg_lsn - '0/0'::pg_lsn) / setting::numeric) * setting::numeric + 1,
                ?::pg_lsn - '0/0'::pg_lsn, setting::numeric) as at
            where pg_settings.name = 'wal_segment_size'
            order by name
            """)) {
      names.setString(1, start);
      names.setString(2, stop);
      List<String> segments = new ArrayList<>();
      try (ResultSet rows = names.executeQuery()) {
        while (rows.next()) {
          segments.add(rows.getString(1));
        }
      }
      if (segments.isEmpty() || segments.stream().anyMatch(name -> name.length() != WAL_NAME)) {
        throw new SQLException(
            String.format(Locale.ROOT, "no write-ahead log from %s to %s", start, stop));
      }
      return segments;
    }
  }

  private static String text(Connection connection, String question) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }

  private void finish(BackupManifest manifest) throws IOException {
    for (String directory : directories) {
      Path copy = staging.resolve("data").resolve(directory);
      Files.createDirectories(copy, CopiedFiles.PRIVATE);
      DataDirectory.sync(copy);
    }
    DataDirectory.sync(staging.resolve("data"));
    files.write(
        new ByteArrayInputStream(manifest.text()),
        staging.resolve(BackupManifest.NAME),
        BackupManifest.NAME);
    files.sync();
    DataDirectory.sync(staging);
    reached.accept(CopyStep.DESCRIBED);
    Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
    Path parent = target.getParent();
    if (parent != null) {
      DataDirectory.sync(parent);
    }
    progress.at(all, all);
    reached.accept(CopyStep.NAMED);
  }
}
