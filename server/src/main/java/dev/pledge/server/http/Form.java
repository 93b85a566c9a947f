package dev.pledge.server.http;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The forms a policy can be had in; where a client likes two alike, it gets the first. */
enum Form {
  JSON("application/json"),
  HTML("text/html"),
  MARKDOWN("text/markdown");

  private final String type;

  Form(String type) {
    this.type = type;
  }

  /**
   * The form a client likes best, by its own weights (RFC 9110 §12.5.1); empty if it takes none.
   */
  static Optional<Form> preferred(String accept) {
    return Arrays.stream(values())
        .filter(form -> form.weight(accept) > 0)
        .max(
            Comparator.<Form>comparingDouble(form -> form.weight(accept))
                .thenComparing(Comparator.reverseOrder()));
  }

  /** What the most precise of the ranges that cover the type says of it. */
  private double weight(String accept) {
    String range = type.substring(0, type.indexOf('/')) + "/*";
    double weight = 0;
    int precision = -1;
    for (String part : accept.split(",", -1)) {
      String[] pieces = part.strip().split(";", -1);
      String name = pieces[0].strip().toLowerCase(Locale.ROOT);
      int precise = name.equals(type) ? 2 : name.equals(range) ? 1 : name.equals("*/*") ? 0 : -1;
      if (precise > precision) {
        precision = precise;
        weight = quality(pieces);
      }
    }
    return weight;
  }

  private static double quality(String[] pieces) {
    return Stream.of(pieces)
        .skip(1)
        .map(String::strip)
        .filter(piece -> piece.matches("q=[01](\\.[0-9]{0,3})?"))
        .mapToDouble(piece -> Double.parseDouble(piece.substring(2)))
        .findFirst()
        .orElse(1);
  }
}
