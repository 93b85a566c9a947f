package dev.pledge.server;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks for a text in every form in which text is written. */
final class Marks {
  private Marks() {}

  /** The files below {@code directory} that hold the mark. */
  static Set<Path> filesWith(Path directory, String mark) throws IOException {
    List<String> forms = forms(mark);
    Set<Path> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (holds(Files.readAllBytes(file), forms)) {
          found.add(directory.relativize(file));
        }
      }
    }
    return found;
  }

  /** Whether {@code content} holds the mark. */
  static boolean holds(byte[] content, String mark) {
    return holds(content, forms(mark));
  }

  private static boolean holds(byte[] content, List<String> forms) {
    // A byte is a character of Latin-1, and texts are searched fast.
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return forms.stream().anyMatch(text::contains);
  }

  private static List<String> forms(String mark) {
    List<String> forms = new ArrayList<>();
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      byte[] bytes = mark.getBytes(charset);
      forms.add(new String(bytes, StandardCharsets.ISO_8859_1));
      String hex = HexFormat.of().formatHex(bytes);
      forms.add(hex);
      forms.add(hex.toUpperCase(Locale.ROOT));
      forms.addAll(base64(bytes));
    }
    return forms;
  }

  /** What of the base64 of any text that holds the bytes is the same whatever surrounds them. */
  private static List<String> base64(byte[] bytes) {
    List<String> forms = new ArrayList<>();
    for (int lead = 0; lead < 3; lead++) {
      byte[] padded = new byte[lead + bytes.length];
      System.arraycopy(bytes, 0, padded, lead, bytes.length);
      int from = (lead * 8 + 5) / 6;
      int to = padded.length * 8 / 6;
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        forms.add(encoder.encodeToString(padded).substring(from, to));
      }
    }
    return forms;
  }
}
