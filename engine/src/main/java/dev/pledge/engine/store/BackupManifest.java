package dev.pledge.engine.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a backup consists of: when it was made, by which PostgreSQL, from where to where its
 * write-ahead log reaches, its directories, and size and SHA-256 of each file. Lines of {@code name
 * value}, the last of them the SHA-256 of the others. It tells damage, not malice: whoever can
 * alter the files can write another manifest.
 *
 * @param at when the copying ended
 * @param postgres the major version
 * @param walStart the place in the write-ahead log that recovery begins at
 * @param walStop the place it has to reach for the copy to be whole
 */
record BackupManifest(
    Instant at,
    String postgres,
    String walStart,
    String walStop,
    List<String> directories,
    List<CopiedFile> files) {
  static final String NAME = "manifest";

  private static final String TITLE = "pledge-backup 1";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** A file: its path in the data directory, its bytes, and their SHA-256 in hexadecimal. */
  record CopiedFile(String path, long size, String digest) {}

  BackupManifest {
    directories = List.copyOf(directories);
    files = List.copyOf(files);
  }

  /** How many bytes there are in all files. */
  long size() {
    return files.stream().mapToLong(CopiedFile::size).sum();
  }

  byte[] text() {
    StringBuilder body = new StringBuilder(TITLE).append('\n');
    line(body, "at", at.toString());
    line(body, "postgres", postgres);
    line(body, "wal", walStart, walStop);
    directories.forEach(directory -> line(body, "directory", directory));
    files.forEach(file -> line(body, "file", Long.toString(file.size), file.digest, file.path));
    String digest = digest(body.toString());
    line(body, "sha256", digest);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException if it is none, or damaged
   */
  static BackupManifest read(byte[] text) {
    try {
      List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
      if (!lines.getFirst().equals(TITLE)) {
        throw new IllegalArgumentException("not a manifest of this version");
      }
      List<String> wal = words(lines.get(3), "wal", 2);
      List<String> directories = new ArrayList<>();
      List<CopiedFile> files = new ArrayList<>();
      for (String line : lines.subList(4, lines.size() - 1)) {
        if (line.startsWith("directory ")) {
          directories.add(safe(words(line, "directory", 1).getFirst()));
        } else {
          files.add(file(words(line, "file", 3)));
        }
      }
      BackupManifest manifest =
          new BackupManifest(
              Instant.parse(words(lines.get(1), "at", 1).getFirst()),
              words(lines.get(2), "postgres", 1).getFirst(),
              wal.getFirst(),
              wal.getLast(),
              directories,
              files);
      if (!Arrays.equals(manifest.text(), text)) {
        throw new IllegalArgumentException("damaged manifest");
      }
      return manifest;
    } catch (IndexOutOfBoundsException | DateTimeException e) {
      throw new IllegalArgumentException("malformed manifest", e);
    }
  }

  private static CopiedFile file(List<String> words) {
    if (!HEX.matcher(words.get(1)).matches()) {
      throw new IllegalArgumentException("malformed manifest");
    }
    return new CopiedFile(safe(words.get(2)), Long.parseLong(words.get(0)), words.get(1));
  }

  // What is named here is written to: nothing may lead out of the directory.
  static boolean isSafe(String path) {
    return SAFE.matcher(path).matches() && !List.of(path.split("/")).contains("..");
  }

  private static String safe(String path) {
    if (!isSafe(path)) {
      throw new IllegalArgumentException("malformed manifest");
    }
    return path;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String digest(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void line(StringBuilder text, String... words) {
    text.append(String.join(" ", words)).append('\n');
  }

  private static List<String> words(String line, String name, int count) {
    List<String> words = List.of(line.split(" ", -1));
    if (!words.getFirst().equals(name) || words.size() != count + 1) {
      throw new IllegalArgumentException("malformed manifest");
    }
    return words.subList(1, words.size());
  }
}
