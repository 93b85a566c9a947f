package dev.pledge.policy.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A table shipped beside this package: a row a line, cells between bars, `#` before remarks. */
final class Table {
  private static final Pattern BAR = Pattern.compile(" *\\| *");

  private Table() {}

  static List<List<String>> rows(String resource) {
    try (InputStream in = Table.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("could not find `" + resource + "`; the build is broken");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> List.of(BAR.split(line, -1)))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException("could not read `" + resource + "`", failure);
    }
  }
}
