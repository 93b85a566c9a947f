package dev.pledge.policy.language;

import java.util.List;

/** A part of a YAML document with its place. Nothing is converted: every scalar stays text. */
sealed interface Node {
  Place place();

  /**
   * A scalar.
   *
   * @param plain whether it was written without quotes
   */
  record Scalar(Place place, String text, boolean plain) implements Node {
    boolean isEmpty() {
      return text.isBlank() || (plain && (text.equals("null") || text.equals("~")));
    }
  }

  /** A list. */
  record Sequence(Place place, List<Node> items) implements Node {}

  /** Keys and their values, in the order of the file, every key once. */
  record Mapping(Place place, List<Entry> entries) implements Node {}

  /** One key of a mapping and its value. */
  record Entry(Scalar key, Node value) {}

  /** The text to quote when this is in the wrong place. */
  default String excerpt() {
    return switch (this) {
      case Scalar scalar -> scalar.text();
      case Sequence _ -> "[…]";
      case Mapping _ -> "{…}";
    };
  }
}
