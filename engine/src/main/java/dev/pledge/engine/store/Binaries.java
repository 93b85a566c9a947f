package dev.pledge.engine.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per machine and user from an archive on the class path.
 *
 * <p>They lie in a directory named after their version, platform and checksum, put in place in one
 * step, so that a crash leaves either all of them or none: for root {@code /var/cache/pledge},
 * which every account can read, for others {@code pledge} in their cache directory, or wherever the
 * system property {@value #CACHE_PROPERTY} says.
 */
record Binaries(Path home) {
  /** The version all archives of this build hold. */
  static final String VERSION = "18.6";

  static final String MAJOR = "18";
  static final String CACHE_PROPERTY = "pledge.postgres.cache";

  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Map<String, String> ARCHIVES =
      Map.of("amd64", "x86_64", "x86_64", "x86_64", "aarch64", "arm_64");

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** The programs for this machine, unpacked if they are not yet. */
  static Binaries unpacked() {
    return unpacked(cache(), System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Binaries unpacked(Path cacheDirectory, String system, String machine) {
    Path cache = cacheDirectory.toAbsolutePath().normalize();
    String platform = platform(system, machine);
    URL archive = archive(platform);
    try {
      Path home = cache.resolve("postgresql-" + VERSION + "-" + platform + "-" + checksum(archive));
      if (!Files.isDirectory(home)) {
        makeDirectories(cache);
        unpack(archive, home);
      }
      return new Binaries(home);
    } catch (IOException e) {
      throw new StartRefused(
          "could not unpack PostgreSQL into `"
              + cache
              + "`; make it writable and free some 100 MB, or name another directory by the system"
              + " property `"
              + CACHE_PROPERTY
              + "`",
          e);
    }
  }

  private static String platform(String system, String machine) {
    String known = ARCHIVES.get(machine);
    if (known == null || !system.toLowerCase(Locale.ROOT).equals("linux")) {
      throw missing(system, machine);
    }
    return "linux-" + known;
  }

  private static URL archive(String platform) {
    URL archive = Binaries.class.getResource("/postgres-" + platform + ".txz");
    if (archive == null) {
      throw missing("linux", platform);
    }
    return archive;
  }

  private static StartRefused missing(String system, String machine) {
    return new StartRefused(
        "this build brings no PostgreSQL for `"
            + system
            + " "
            + machine
            + "`; run PostgreSQL 15 or newer yourself and give its JDBC URL");
  }

  private static Path cache() {
    @Nullable String named = System.getProperty(CACHE_PROPERTY);
    if (named != null) {
      return Path.of(named).toAbsolutePath();
    }
    if (ServerAccount.isRoot()) {
      return Path.of("/var/cache/pledge");
    }
    @Nullable String caches = System.getenv("XDG_CACHE_HOME");
    Path base =
        caches == null || caches.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches);
    return base.resolve("pledge").toAbsolutePath();
  }

  // The jar's own index knows it without reading 15 MB.
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    if (connection instanceof JarURLConnection jar) {
      return HexFormat.of().toHexDigits((int) jar.getJarEntry().getCrc());
    }
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(archive.openStream(), crc)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  // One at a time on this machine, so whatever lies unfinished was left by a crash. The method's
  // lock is for the threads of this process, the file's for other processes.
  private static synchronized void unpack(URL archive, Path home) throws IOException {
    Path unfinished = home.resolveSibling("unfinished");
    try (FileChannel channel =
            FileChannel.open(
                home.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid() || Files.isDirectory(home)) {
        return;
      }
      DataDirectory.deleteTree(unfinished);
      Files.createDirectory(unfinished);
      Files.setPosixFilePermissions(unfinished, OPEN);
      extract(archive, unfinished);
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void extract(URL archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(archive.openStream(), 1 << 16)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, target);
      }
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive leaves its directory");
    }
    if (entry.isDirectory()) {
      makeDirectories(path);
      return;
    }
    makeDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      Files.setPosixFilePermissions(path, (entry.getMode() & 0100) == 0 ? READABLE : OPEN);
    }
  }

  // Whatever this user's umask, the server's account can read them.
  private static void makeDirectories(@Nullable Path directory) throws IOException {
    if (directory == null || Files.isDirectory(directory)) {
      return;
    }
    makeDirectories(directory.getParent());
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      // Another process made it just now, or what is there is a file.
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    Files.setPosixFilePermissions(directory, OPEN);
  }
}
