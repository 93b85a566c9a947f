package dev.pledge.policy.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one policy: {@code policy.yaml}, for each language a {@code notice.<language>.md}
 * and, where names have labels, a {@code labels.<language>.yaml}, and the terms of products that
 * have their own, in the other {@code .yaml} files. Immutable. Files that cannot be read are part
 * of it and reported by {@link PolicyCheck}.
 */
public final class PolicySource {
  static final String POLICY = "policy.yaml";
  private static final int MOST_LANGUAGES = 100;

  /** Of files that may hold terms of products, in the order of their names. */
  private static final int MOST_FILES = 100;

  private static final Content TOO_MANY_FILES =
      new Content.Unreadable(
          "there are too many YAML files beside the policy to look at this one",
          "move those that are not its own");

  /** Each is read and checked with all that it does not say. */
  static final int MOST_OWN_TERMS = 20;

  /** Of all notices, labels and terms of products together: they are held in memory at once. */
  private static final int MOST_BYTES = 8 << 20;

  private final Content policy;
  private final SortedMap<String, Content> notices;
  private final SortedMap<String, Content> labels;
  private final SortedMap<String, Content> ownTerms;

  /** A file there is for each language, named {@code prefix + language + suffix}. */
  private record PerLanguage(String prefix, String suffix) {
    String file(String language) {
      return prefix + language + suffix;
    }

    /** The language in the name of the file; empty where it is none of these. */
    String language(String file) {
      return !file.startsWith(prefix) || file.length() < prefix.length() + suffix.length()
          ? ""
          : file.substring(prefix.length(), file.length() - suffix.length());
    }
  }

  private static final PerLanguage NOTICE = new PerLanguage("notice.", ".md");
  private static final PerLanguage LABELS = new PerLanguage("labels.", ".yaml");

  /** What was found under a name. */
  sealed interface Content {
    /** The bytes of a file, at most one more than {@link SourceText#MAX_BYTES}. */
    record Bytes(ByteBuffer bytes) implements Content {}

    /** There is no such file, or it cannot be read. */
    record Unreadable(String message, String remedy) implements Content {}
  }

  private PolicySource(
      Content policy,
      SortedMap<String, Content> notices,
      SortedMap<String, Content> labels,
      SortedMap<String, Content> ownTerms) {
    this.policy = policy;
    this.notices = Collections.unmodifiableSortedMap(notices);
    this.labels = Collections.unmodifiableSortedMap(labels);
    this.ownTerms = Collections.unmodifiableSortedMap(ownTerms);
  }

  /**
   * The files in {@code directory}, read at once. Never fails: what is missing is reported later.
   */
  public static PolicySource directory(Path directory) {
    SortedMap<String, Content> notices = new TreeMap<>();
    SortedMap<String, Content> labels = new TreeMap<>();
    SortedMap<String, Content> ownTerms = new TreeMap<>();
    Room room = new Room();
    try {
      readEach(directory, NOTICE, room, notices);
      readEach(directory, LABELS, room, labels);
      readOwnTerms(directory, room, ownTerms);
    } catch (IOException | DirectoryIteratorException unreadable) {
      Content none =
          new Content.Unreadable(
              "the directory of the policy cannot be read", "check its path and permissions");
      return new PolicySource(none, notices, labels, ownTerms);
    }
    return new PolicySource(read(directory.resolve(POLICY)), notices, labels, ownTerms);
  }

  private static void readOwnTerms(Path directory, Room room, SortedMap<String, Content> into)
      throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, PolicySource::mayHoldTerms)) {
      for (Path file : files) {
        into.put(String.valueOf(file.getFileName()), TOO_MANY_FILES);
        if (into.size() > MOST_FILES) {
          into.remove(into.lastKey());
        }
      }
    }
    into.keySet().stream()
        .limit(MOST_FILES - 1)
        .forEach(name -> into.put(name, room.of(read(directory.resolve(name)))));
  }

  private static boolean mayHoldTerms(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".yaml") && !name.equals(POLICY) && LABELS.language(name).isEmpty();
  }

  private static void readEach(
      Path directory, PerLanguage kind, Room room, SortedMap<String, Content> into)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, kind.file("*"))) {
      for (Path file : files) {
        if (into.size() < MOST_LANGUAGES) {
          into.put(kind.language(String.valueOf(file.getFileName())), room.of(read(file)));
        }
      }
    }
  }

  /**
   * A policy given as text.
   *
   * @param notices the notice of each language, by its tag
   */
  public static PolicySource of(String policy, Map<String, String> notices) {
    return of(policy, notices, Map.of());
  }

  /**
   * The same with labels.
   *
   * @param labels the labels of each language, by its tag; none where names stand for themselves
   */
  public static PolicySource of(
      String policy, Map<String, String> notices, Map<String, String> labels) {
    return of(policy, notices, labels, Map.of());
  }

  /**
   * The same with terms of products' own.
   *
   * @param ownTerms by the name of the file, as the policy names it
   */
  public static PolicySource of(
      String policy,
      Map<String, String> notices,
      Map<String, String> labels,
      Map<String, String> ownTerms) {
    return of(encoded(policy), encoded(notices), encoded(labels), encoded(ownTerms));
  }

  /** A policy given as the bytes of its files. */
  static PolicySource of(
      ByteBuffer policy,
      Map<String, ByteBuffer> notices,
      Map<String, ByteBuffer> labels,
      Map<String, ByteBuffer> ownTerms) {
    Room room = new Room();
    return new PolicySource(
        new Content.Bytes(policy),
        contents(notices, room),
        contents(labels, room),
        contents(ownTerms, room));
  }

  private static SortedMap<String, Content> contents(Map<String, ByteBuffer> files, Room room) {
    SortedMap<String, Content> contents = new TreeMap<>();
    files.forEach((name, bytes) -> contents.put(name, room.of(new Content.Bytes(bytes))));
    return contents;
  }

  private static SortedMap<String, ByteBuffer> encoded(Map<String, String> texts) {
    SortedMap<String, ByteBuffer> encoded = new TreeMap<>();
    texts.forEach((name, text) -> encoded.put(name, encoded(text)));
    return encoded;
  }

  private static ByteBuffer encoded(String text) {
    return StandardCharsets.UTF_8.encode(text);
  }

  /** What the files found so far leave to those that follow. */
  private static final class Room {
    private int left = MOST_BYTES;

    /** The content, or in its place that there is no room for it. */
    Content of(Content content) {
      int size = content instanceof Content.Bytes(ByteBuffer bytes) ? bytes.remaining() : 0;
      if (size > left) {
        return new Content.Unreadable(
            "with this file those beside the policy are larger than 8 MiB together",
            "shorten them");
      }
      left -= size;
      return content;
    }
  }

  static String noticeFile(String language) {
    return NOTICE.file(language);
  }

  static String labelsFile(String language) {
    return LABELS.file(language);
  }

  Content policy() {
    return policy;
  }

  SortedMap<String, Content> notices() {
    return notices;
  }

  SortedMap<String, Content> labels() {
    return labels;
  }

  /** By the names of the files. */
  SortedMap<String, Content> ownTerms() {
    return ownTerms;
  }

  private static Content read(Path file) {
    if (!Files.isRegularFile(file)) {
      return new Content.Unreadable("the file is missing", "create it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new Content.Bytes(ByteBuffer.wrap(in.readNBytes(SourceText.MAX_BYTES + 1)));
    } catch (IOException unreadable) {
      return new Content.Unreadable("the file cannot be read", "check its permissions");
    }
  }
}
