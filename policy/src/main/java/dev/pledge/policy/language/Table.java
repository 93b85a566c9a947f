package dev.pledge.policy.language;

import java.util.List;
import java.util.regex.Pattern;

/** A table shipped beside a class: a row a line, cells between bars, `#` before remarks. */
public final class Table {
  private static final Pattern BAR = Pattern.compile(" *\\| *");

  private Table() {}

  /** The cells of each row. */
  public static List<List<String>> rows(Class<?> beside, String resource) {
    return Resource.text(beside, resource)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> List.of(BAR.split(line, -1)))
        .toList();
  }
}
