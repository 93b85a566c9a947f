package dev.pledge.log;

import java.util.Arrays;
import java.util.List;

/**
 * What a log says of itself: its origin, and the size and root of its tree (C2SP tlog-checkpoint).
 * It counts for nothing unless it is the text of a note that the log has signed.
 *
 * <p>The origin identifies the log and is compared as it stands. The specification advises a URL
 * without schema, such as {@code example.com/log}, and demands only that it is not empty. Extension
 * lines are carried along; a cosignature with ML-DSA-44 does not cover them.
 *
 * @param size number of leaves
 * @param extensions further lines, of which nobody but the log's operator knows the meaning
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
  private static final int FIXED_LINES = 3;

  /**
   * Throws {@link IllegalArgumentException} if the origin or an extension is not one line of text,
   * if the size is negative, and if a tree without leaves has another root than {@link
   * Hash#ofEmptyTree}.
   */
  public Checkpoint {
    extensions = List.copyOf(extensions);
    if (!NoteSyntax.isLine(origin)) {
      throw new IllegalArgumentException(
          "malformed origin; give one line of text, such as `example.com/log`");
    }
    if (!extensions.stream().allMatch(NoteSyntax::isLine)) {
      throw new IllegalArgumentException(
          "malformed extension line; give one line of text, which is not empty");
    }
    if (size < 0 || (size == 0 && !root.equals(Hash.ofEmptyTree()))) {
      throw new IllegalArgumentException(
          "impossible tree; give a size of at least 0, and for 0 the root of the empty tree");
    }
  }

  /** A checkpoint without extension lines. */
  public Checkpoint(String origin, long size, Hash root) {
    this(origin, size, root, List.of());
  }

  /**
   * Reads the text of a note.
   *
   * @throws MalformedNote if {@code text} is not what {@link #text} writes
   */
  public static Checkpoint parse(String text) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    int last = lines.size() - 1;
    if (last < FIXED_LINES || !lines.get(last).isEmpty()) {
      throw new MalformedNote(
          "malformed checkpoint: it is not three lines or more that end in a newline");
    }
    try {
      return new Checkpoint(
          lines.get(0),
          size(lines.get(1)),
          Hash.ofBase64(lines.get(2)),
          lines.subList(FIXED_LINES, last));
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("malformed checkpoint: " + e.getMessage(), e);
    }
  }

  private static long size(String decimal) {
    try {
      long size = Long.parseLong(decimal);
      if (Long.toString(size).equals(decimal)) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw new MalformedNote("malformed checkpoint: its size is no number below 2^63", e);
    }
    throw new MalformedNote("malformed checkpoint: its size is not in plain decimal");
  }

  /** The text of the note: each line with its newline. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(origin).append('\n').append(size).append('\n');
    text.append(root.base64()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
