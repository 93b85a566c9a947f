package dev.pledge.policy.language;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file as text: valid UTF-8, without a byte order mark, and without characters that cannot be
 * seen.
 */
final class SourceText {
  static final int MAX_BYTES = 1 << 20;
  private static final int SHOWN_CHARACTERS = 20;

  private final String file;
  private final String text;
  private final List<String> lines;

  private SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lines = split(text);
  }

  /** The text of {@code bytes}, or empty after reporting why it is not text. */
  static Optional<SourceText> decode(String file, ByteBuffer bytes, Problems problems) {
    if (bytes.remaining() > MAX_BYTES) {
      problems.error(
          missing(file),
          "",
          "the file is larger than 1 MiB",
          "split what it says into several policies");
      return Optional.empty();
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer out = CharBuffer.allocate(bytes.remaining());
    boolean wrong = decoder.decode(bytes.duplicate(), out, true).isError();
    String text = out.flip().toString();
    SourceText source =
        new SourceText(
            file, !text.isEmpty() && text.charAt(0) == '\uFEFF' ? text.substring(1) : text);
    if (wrong) {
      problems.error(
          source.end(), "", "the file is not valid UTF-8 from here on", "save it as UTF-8");
      return Optional.empty();
    }
    return source.isVisible(problems) ? Optional.of(source) : Optional.empty();
  }

  /** The start of a file that could not be read. */
  static Place missing(String file) {
    return new Place(new SourceText(file, ""), 1, 1);
  }

  String file() {
    return file;
  }

  String text() {
    return text;
  }

  List<String> lines() {
    return lines;
  }

  String line(int number) {
    return number <= lines.size() ? lines.get(number - 1) : "";
  }

  Place start() {
    return new Place(this, 1, 1);
  }

  private Place end() {
    String last = lines.getLast();
    return new Place(this, lines.size(), last.codePointCount(0, last.length()) + 1);
  }

  private boolean isVisible(Problems problems) {
    int found = 0;
    for (int number = 1; number <= lines.size(); number++) {
      int[] points = line(number).codePoints().toArray();
      for (int i = 0; i < points.length && found < SHOWN_CHARACTERS; i++) {
        if (points[i] != '\t' && Quoted.isForbidden(points[i])) {
          found++;
          problems.error(
              new Place(this, number, i + 1),
              Quoted.visible(points[i]),
              String.format(
                  Locale.ROOT, "character U+%04X cannot be seen or hides others", points[i]),
              "remove it");
        }
      }
    }
    return found == 0;
  }

  /** Splits where YAML 1.2 does: at line feeds, carriage returns, and both together. */
  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    lines.add(text.substring(start));
    return lines;
  }
}
