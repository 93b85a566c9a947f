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
 * The files of one policy: {@code policy.yaml} and a {@code notice.<language>.md} for each
 * language. Immutable. Files that cannot be read are part of it and reported by {@link
 * PolicyCheck}.
 */
public final class PolicySource {
  static final String POLICY = "policy.yaml";
  private static final String NOTICE = "notice.";
  private static final String MARKDOWN = ".md";
  private static final int MOST_NOTICES = 100;

  private final Content policy;
  private final SortedMap<String, Content> notices;

  /** What was found under a name. */
  sealed interface Content {
    /** The bytes of a file, at most one more than {@link SourceText#MAX_BYTES}. */
    record Bytes(ByteBuffer bytes) implements Content {}

    /** There is no such file, or it cannot be read. */
    record Unreadable(String message, String remedy) implements Content {}
  }

  private PolicySource(Content policy, SortedMap<String, Content> notices) {
    this.policy = policy;
    this.notices = Collections.unmodifiableSortedMap(notices);
  }

  /**
   * The files in {@code directory}, read at once. Never fails: what is missing is reported later.
   */
  public static PolicySource directory(Path directory) {
    SortedMap<String, Content> notices = new TreeMap<>();
    String pattern = NOTICE + "*" + MARKDOWN;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : files) {
        if (notices.size() < MOST_NOTICES) {
          notices.put(language(String.valueOf(file.getFileName())), read(file));
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      Content none =
          new Content.Unreadable(
              "the directory of the policy cannot be read", "check its path and permissions");
      return new PolicySource(none, notices);
    }
    return new PolicySource(read(directory.resolve(POLICY)), notices);
  }

  /**
   * A policy given as text.
   *
   * @param notices the notice of each language, by its tag
   */
  public static PolicySource of(String policy, Map<String, String> notices) {
    SortedMap<String, Content> contents = new TreeMap<>();
    notices.forEach((language, text) -> contents.put(language, bytes(text)));
    return new PolicySource(bytes(policy), contents);
  }

  static String noticeFile(String language) {
    return NOTICE + language + MARKDOWN;
  }

  Content policy() {
    return policy;
  }

  SortedMap<String, Content> notices() {
    return notices;
  }

  private static String language(String file) {
    return file.length() < NOTICE.length() + MARKDOWN.length()
        ? ""
        : file.substring(NOTICE.length(), file.length() - MARKDOWN.length());
  }

  private static Content bytes(String text) {
    return new Content.Bytes(StandardCharsets.UTF_8.encode(text));
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
