package dev.pledge.policy.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A table shipped beside a class: a row a line, cells between bars, `#` before remarks. */
public final class Table {
  private static final Pattern BAR = Pattern.compile(" *\\| *");

  private Table() {}

  /**
   * The cells of each row.
   *
   * @throws IllegalStateException if there is no such table, which the build should have noticed
   */
  public static List<List<String>> rows(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
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
