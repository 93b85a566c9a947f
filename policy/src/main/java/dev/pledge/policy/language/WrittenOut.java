package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.ProductId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A policy as it counts for one product, written out as one file (VIII.1): what the product's own
 * file says stands in its place, followed by a comment with the line it comes from.
 */
public final class WrittenOut {
  private static final int WIDTH = 100;
  private static final String STEP = "  ";

  private final StringBuilder text = new StringBuilder();

  private WrittenOut() {}

  /** The text, which is itself a policy; empty where {@code source} cannot be read. */
  public static Optional<String> of(PolicySource source, ProductId product) {
    return LayerReader.tree(source, product, new Problems())
        .map(
            top -> {
              WrittenOut written = new WrittenOut();
              top.entries().forEach(entry -> written.part(entry, ""));
              return written.text.toString();
            });
  }

  private void part(Entry part, String indent) {
    Node value = part.key().text().equals("products") ? withoutFiles(part.value()) : part.value();
    entry(new Entry(part.key(), value), indent);
  }

  /** What stands in the files of products is written out here. */
  private static Node withoutFiles(Node products) {
    return products instanceof Mapping mapping
        ? new Mapping(
            mapping.place(),
            mapping.entries().stream()
                .map(
                    product ->
                        new Entry(product.key(), new Mapping(product.value().place(), List.of())))
                .toList())
        : products;
  }

  // The depth of a tree is bounded by YamlTree.MAX_DEPTH, so is this recursion.
  private void entry(Entry entry, String indent) {
    String key = indent + word(entry.key()) + ":";
    switch (entry.value()) {
      case Mapping mapping when isLong(mapping, key) -> {
        line(key, entry.key());
        mapping.entries().forEach(each -> entry(each, indent + STEP));
      }
      case Sequence sequence when isLong(sequence, key) -> {
        line(key, entry.key());
        sequence.items().forEach(item -> line(indent + STEP + "- " + inLine(item), item));
      }
      default -> line(key + " " + inLine(entry.value()), entry.key(), entry.value());
    }
  }

  /** Whether it takes lines of its own: to be read, or to show what of it comes from where. */
  private static boolean isLong(Node node, String before) {
    boolean parts =
        switch (node) {
          case Mapping mapping ->
              mapping.entries().stream().anyMatch(entry -> !(entry.value() instanceof Scalar));
          case Sequence sequence ->
              sequence.items().stream().anyMatch(item -> !(item instanceof Scalar));
          case Scalar _ -> false;
        };
    return parts || before.length() + inLine(node).length() >= WIDTH;
  }

  private void line(String line, Node... of) {
    text.append(line);
    Optional<Place> own =
        List.of(of).stream().flatMap(node -> WrittenOut.own(node).stream()).findFirst();
    own.ifPresent(
        place ->
            text.append("  # ").append(place.source().file()).append(':').append(place.line()));
    text.append('\n');
  }

  /** Where in the product's file the node comes from, if any of it does. */
  private static Optional<Place> own(Node node) {
    if (!node.place().source().file().equals(PolicySource.POLICY)) {
      return Optional.of(node.place());
    }
    return switch (node) {
      case Scalar _ -> Optional.empty();
      case Sequence sequence ->
          sequence.items().stream().flatMap(item -> own(item).stream()).findFirst();
      case Mapping mapping ->
          mapping.entries().stream()
              .flatMap(entry -> own(entry.key()).or(() -> own(entry.value())).stream())
              .findFirst();
    };
  }

  private static String inLine(Node node) {
    return switch (node) {
      case Scalar scalar -> word(scalar);
      case Sequence sequence ->
          sequence.items().stream()
              .map(WrittenOut::inLine)
              .collect(Collectors.joining(", ", "[", "]"));
      case Mapping mapping when mapping.entries().isEmpty() -> "{}";
      case Mapping mapping ->
          mapping.entries().stream()
              .map(entry -> word(entry.key()) + ": " + inLine(entry.value()))
              .collect(Collectors.joining(", ", "{ ", " }"));
    };
  }

  /** A word as YAML reads it again, within brackets too. */
  private static String word(Scalar scalar) {
    String text = scalar.text();
    boolean safe =
        text.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "._-@/+ ".indexOf(c) >= 0)
            && !text.isEmpty()
            && Character.isLetterOrDigit(text.codePointAt(0))
            && text.equals(text.strip());
    return scalar.plain() && safe
        ? text
        : "\""
            + text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
            + "\"";
  }
}
