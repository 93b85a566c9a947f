package dev.pledge.log;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a receipt rests on: the log's word that the entries with these leaves, which are durable,
 * will be in its tree by a stated time. It is the text of a signed note. Its second line can be no
 * checkpoint's, so neither can be passed off as the other.
 *
 * @param origin the log's name to the world
 * @param leaves how many entries, 1 or more
 * @param root of the tree over their leaves, which is no part of the log's
 * @param at when it was given
 * @param within how long after that a checkpoint will cover all of them, in whole seconds
 */
public record Promise(String origin, long leaves, Hash root, Instant at, Duration within) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<origin>[^\\n]+)\\npledge promise v1\\nleaves (?<leaves>[1-9][0-9]{0,17})\\n"
              + ("root (?<root>" + Hash.BASE64 + ")\\nat (?<at>[0-9T:.Z-]{20,30})\\n")
              + "within (?<within>[1-9][0-9]{0,8})\\n");

  /** The text to sign. */
  public String text() {
    return origin
        + "\npledge promise v1\nleaves "
        + leaves
        + "\nroot "
        + root.base64()
        + "\nat "
        + at
        + "\nwithin "
        + within.toSeconds()
        + "\n";
  }

  /** By when a checkpoint covers the entries. */
  public Instant due() {
    return at.plus(within);
  }

  /**
   * Reads the text of a note.
   *
   * @throws IllegalArgumentException if it is no promise
   */
  public static Promise read(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw malformed();
    }
    try {
      Promise read =
          new Promise(
              parts.group("origin"),
              Long.parseLong(parts.group("leaves")),
              Hash.ofBase64(parts.group("root")),
              Instant.parse(parts.group("at")),
              Duration.ofSeconds(Long.parseLong(parts.group("within"))));
      if (!read.text().equals(text)) {
        throw malformed();
      }
      return read;
    } catch (DateTimeParseException e) {
      throw malformed();
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed promise; give the `promise` of a receipt");
  }
}
