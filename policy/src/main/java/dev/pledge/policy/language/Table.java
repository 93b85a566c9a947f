package dev.pledge.policy.language;

import java.util.List;
import java.util.regex.Pattern;

/** A table shipped beside this package: a row a line, cells between bars, `#` before remarks. */
final class Table {
  private static final Pattern BAR = Pattern.compile(" *\\| *");

  private Table() {}

  static List<List<String>> rows(String resource) {
    return Resource.text(resource)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> List.of(BAR.split(line, -1)))
        .toList();
  }
}
