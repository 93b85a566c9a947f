package dev.pledge.log;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log's word on which entries are about one person: these and, up to a checkpoint, no others
 * that the person may be told of. It is the text of a signed note. Its second line can be neither a
 * checkpoint's nor a {@link Promise}'s, so none can be passed off as another.
 *
 * <p>It names nobody: it is about whoever has the mark key. It is true as far as whoever wrote the
 * log was honest; who has a copy of the log can look for entries that are missing from it ({@link
 * StatementVerifier}).
 *
 * @param origin the log's name to the world
 * @param size of the checkpoint up to which entries are listed
 * @param count how many are listed, {@code size} at most
 * @param root of the tree over their leaves in the order of their positions, which is no part of
 *     the log's
 * @param key SHA-256 of the person's mark key
 * @param at when it was given
 */
public record Statement(String origin, long size, long count, Hash root, Hash key, Instant at) {
  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<origin>[^\\n]+)\\npledge entries v1\\n"
              + ("size (?<size>" + NUMBER + ")\\ncount (?<count>" + NUMBER + ")\\n")
              + ("root (?<root>" + Hash.BASE64 + ")\\nkey (?<key>" + Hash.BASE64 + ")\\n")
              + "at (?<at>[0-9T:.Z-]{20,30})\\n");

  /**
   * Throws {@link IllegalArgumentException} if there are more entries than the log has, and if a
   * list without entries has another root than {@link Hash#ofEmptyTree}.
   */
  public Statement {
    if (count < 0 || count > size || (count == 0 && !root.equals(Hash.ofEmptyTree()))) {
      throw new IllegalArgumentException(
          "impossible list; it has 0 entries to as many as the log, and for 0 the root of the empty"
              + " tree");
    }
  }

  /** The text to sign. */
  public String text() {
    return origin
        + "\npledge entries v1\nsize "
        + size
        + "\ncount "
        + count
        + "\nroot "
        + root.base64()
        + "\nkey "
        + key.base64()
        + "\nat "
        + at
        + "\n";
  }

  /**
   * Reads the text of a note.
   *
   * @throws IllegalArgumentException if it is not what {@link #text} writes
   */
  public static Statement read(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw malformed();
    }
    try {
      Statement read =
          new Statement(
              parts.group("origin"),
              Long.parseLong(parts.group("size")),
              Long.parseLong(parts.group("count")),
              Hash.ofBase64(parts.group("root")),
              Hash.ofBase64(parts.group("key")),
              Instant.parse(parts.group("at")));
      if (!read.text().equals(text)) {
        throw malformed();
      }
      return read;
    } catch (DateTimeParseException e) {
      throw malformed();
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "malformed statement; give the `statement` of `/history/proof`");
  }
}
