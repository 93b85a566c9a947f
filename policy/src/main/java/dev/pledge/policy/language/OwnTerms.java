package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays the terms of one product over the general ones (VIII.1). Where the two differ the product's
 * win: key by key of a purpose, role or recipient, field by field of the retention. What comes of
 * it is the tree of a whole policy, every part at the place where it is written, and is read and
 * checked like one.
 */
final class OwnTerms {
  private static final String PURPOSES = "purposes";
  private static final String RETENTION = "retention";
  private static final String PRODUCTS = "products";

  /** In place of a purpose: the product does without it. */
  private static final String NONE = "none";

  /** The parts whose entries have names: of each, what the product's file says replaces its key. */
  private static final Set<String> NAMED = Set.of(PURPOSES, "roles", "recipients");

  /**
   * What a product may say for itself; all else is the company's, and the same in every product.
   */
  private static final List<String> KEYS =
      List.of(PURPOSES, "roles", "recipients", RETENTION, "pooling", "dormancy");

  /** What the law allows without asking is no matter of a product (II.I.7). */
  private static final List<String> OF_THE_LAW = List.of("exception", "break-glass");

  private final Mapping general;
  private final Declared declared;
  private final ProductId product;
  private final Problems problems;

  private OwnTerms(Mapping general, ProductId product, Problems problems) {
    this.general = general;
    this.declared = Declared.in(general);
    this.product = product;
    this.problems = problems;
  }

  /** The general policy as it counts for {@code product}, whose file says {@code own}. */
  static Mapping over(Mapping general, Mapping own, ProductId product, Problems problems) {
    return new OwnTerms(general, product, problems).merged(own);
  }

  private Mapping merged(Mapping own) {
    Map<String, Entry> merged = byKey(general);
    for (Entry entry : own.entries()) {
      String key = entry.key().text();
      if (KEYS.contains(key)) {
        merged.merge(key, checked(entry), this::over);
      } else {
        notOfAProduct(entry.key());
      }
    }
    return new Mapping(general.place(), List.copyOf(merged.values()));
  }

  private void notOfAProduct(Scalar key) {
    boolean ofThePolicy =
        general.entries().stream().anyMatch(known -> known.key().text().equals(key.text()));
    if (ofThePolicy) {
      problems.error(
          key,
          "`" + key.text() + "` is the same for all products",
          "write it in `" + PolicySource.POLICY + "`, or remove it");
    } else {
      problems.unknown(key, "key", "the terms of product `" + product + "`", KEYS);
    }
  }

  /** What is new in the product has to be right by itself. */
  private Entry checked(Entry own) {
    if (own.key().text().equals(PURPOSES) && own.value() instanceof Mapping purposes) {
      purposes.entries().forEach(this::checkPurpose);
    } else if (own.key().text().equals(RETENTION)) {
      checkRetention(own.value());
    }
    return own;
  }

  private void checkPurpose(Entry purpose) {
    if (purpose.value() instanceof Mapping said) {
      value(said, PRODUCTS)
          .ifPresent(
              products ->
                  problems.error(
                      products.key(),
                      "purpose "
                          + Quoted.of(purpose.key().text())
                          + " stands in the terms of `"
                          + product
                          + "` and is of no other product",
                      "remove `products`"));
      OF_THE_LAW.stream()
          .flatMap(key -> value(said, key).stream())
          .forEach(entry -> ofTheLaw(entry.key(), purpose.key().text()));
    }
  }

  private void ofTheLaw(Scalar at, String purpose) {
    problems.error(
        at,
        "purpose "
            + Quoted.of(purpose)
            + " is what the law allows without asking, in every product",
        "write it in `" + PolicySource.POLICY + "` (II.I.7)");
  }

  private Entry over(Entry then, Entry own) {
    String key = own.key().text();
    if (then.value() instanceof Mapping before && own.value() instanceof Mapping after) {
      if (NAMED.contains(key)) {
        return new Entry(then.key(), parts(key, before, after));
      }
    } else if (key.equals(RETENTION)
        && then.value() instanceof Sequence before
        && own.value() instanceof Sequence after) {
      return new Entry(then.key(), retention(before, after));
    }
    return own;
  }

  private Mapping parts(String kind, Mapping before, Mapping after) {
    Map<String, Entry> parts = byKey(before);
    for (Entry own : after.entries()) {
      parts.merge(own.key().text(), own, (then, now) -> part(kind, then, now));
    }
    return new Mapping(before.place(), List.copyOf(parts.values()));
  }

  private Entry part(String kind, Entry then, Entry own) {
    if (!(then.value() instanceof Mapping before)) {
      return own;
    }
    if (kind.equals(PURPOSES)) {
      if (!mayOverride(own.key(), before)) {
        return then;
      }
      if (own.value() instanceof Scalar word && word.text().equals(NONE)) {
        return new Entry(own.key(), ofTheOthers(before, word));
      }
    }
    if (!(own.value() instanceof Mapping after)) {
      return own;
    }
    Map<String, Entry> keys = byKey(before);
    after.entries().forEach(entry -> keys.put(entry.key().text(), entry));
    return new Entry(own.key(), new Mapping(before.place(), List.copyOf(keys.values())));
  }

  /** A purpose that the product does not have is one of all the others. */
  private Mapping ofTheOthers(Mapping purpose, Scalar none) {
    List<Node> others =
        declared.products().keySet().stream()
            .filter(other -> !other.equals(product) && isOf(purpose, other))
            .<Node>map(other -> new Scalar(none.place(), other.value(), true))
            .toList();
    Map<String, Entry> keys = byKey(purpose);
    keys.put(
        PRODUCTS,
        new Entry(new Scalar(none.place(), PRODUCTS, true), new Sequence(none.place(), others)));
    return new Mapping(purpose.place(), List.copyOf(keys.values()));
  }

  private static boolean isOf(Mapping purpose, ProductId product) {
    return value(purpose, PRODUCTS)
        .map(of -> words(of.value()).anyMatch(word -> word.text().equals(product.value())))
        .orElse(true);
  }

  /** Whether the general purpose is the product's to change; reported where it is not. */
  private boolean mayOverride(Scalar purpose, Mapping general) {
    if (OF_THE_LAW.stream().anyMatch(key -> value(general, key).isPresent())) {
      ofTheLaw(purpose, purpose.text());
      return false;
    }
    Set<String> products = new LinkedHashSet<>();
    value(general, PRODUCTS).stream()
        .flatMap(entry -> words(entry.value()))
        .forEach(word -> products.add(word.text()));
    if (products.equals(Set.of(product.value()))) {
      problems.error(
          purpose,
          "purpose "
              + Quoted.of(purpose.text())
              + " is of `"
              + product
              + "` alone, and what it says stands in two places",
          "write it here as a whole and remove it from `" + PolicySource.POLICY + "`");
      return false;
    }
    if (!products.isEmpty() && !products.contains(product.value())) {
      problems.error(
          purpose,
          "purpose " + Quoted.of(purpose.text()) + " is not of product `" + product + "`",
          "add `" + product + "` to its `products`, or remove it here");
      return false;
    }
    return true;
  }

  // ---------------------------------------------------------------- retention

  /** What all products share is kept for one time. */
  private void checkRetention(Node own) {
    for (Scalar word : namedIn(own)) {
      declared.fieldsMeantBy(word.text()).orElse(Set.of()).stream()
          .filter(this::isAccountWide)
          .sorted()
          .findFirst()
          .ifPresent(
              field ->
                  problems.error(
                      word,
                      "`" + field + "` is shared by all products, and so is how long it is kept",
                      "write it in `" + PolicySource.POLICY + "`, or remove it here"));
    }
  }

  private boolean isAccountWide(FieldId field) {
    return Stream.of(general)
        .flatMap(top -> value(top, "categories").stream())
        .flatMap(entry -> entry.value() instanceof Mapping all ? all.entries().stream() : null)
        .filter(category -> category.key().text().equals(field.category().value()))
        .flatMap(
            category ->
                category.value() instanceof Mapping own ? value(own, "scope").stream() : null)
        .anyMatch(scope -> scope.value() instanceof Scalar word && word.text().equals("account"));
  }

  /** The general lines without the fields of which the product's own speak, and those. */
  private Sequence retention(Sequence before, Sequence after) {
    Set<FieldId> own = new HashSet<>();
    namedIn(after)
        .forEach(word -> own.addAll(declared.fieldsMeantBy(word.text()).orElse(Set.of())));
    List<Node> lines = new ArrayList<>();
    before.items().forEach(line -> without(own, line).ifPresent(lines::add));
    lines.addAll(after.items());
    return new Sequence(before.place(), List.copyOf(lines));
  }

  private Optional<Node> without(Set<FieldId> own, Node line) {
    if (!(line instanceof Mapping said)
        || !(value(said, "of").map(Entry::value).orElse(line) instanceof Sequence of)) {
      return Optional.of(line);
    }
    List<Node> left = of.items().stream().flatMap(word -> leftOf(own, word)).toList();
    if (left.isEmpty() && !of.items().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Entry> keys = byKey(said);
    keys.computeIfPresent(
        "of", (_, entry) -> new Entry(entry.key(), new Sequence(of.place(), left)));
    return Optional.of(new Mapping(said.place(), List.copyOf(keys.values())));
  }

  /**
   * The word, or the fields that are left of what it means; what means nothing is told elsewhere.
   */
  private Stream<Node> leftOf(Set<FieldId> own, Node item) {
    Set<FieldId> meant =
        item instanceof Scalar word
            ? declared.fieldsMeantBy(word.text()).orElse(Set.of())
            : Set.of();
    if (Collections.disjoint(meant, own)) {
      return Stream.of(item);
    }
    return meant.stream()
        .filter(field -> !own.contains(field))
        .sorted()
        .map(field -> new Scalar(item.place(), field.toString(), true));
  }

  private static List<Scalar> namedIn(Node retention) {
    return retention instanceof Sequence lines
        ? lines.items().stream()
            .flatMap(line -> line instanceof Mapping said ? value(said, "of").stream() : null)
            .flatMap(of -> words(of.value()))
            .toList()
        : List.of();
  }

  // ---------------------------------------------------------------- trees

  private static Map<String, Entry> byKey(Mapping mapping) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    mapping.entries().forEach(entry -> entries.put(entry.key().text(), entry));
    return entries;
  }

  private static Optional<Entry> value(Mapping mapping, String key) {
    return mapping.entries().stream().filter(entry -> entry.key().text().equals(key)).findFirst();
  }

  private static Stream<Scalar> words(Node list) {
    return list instanceof Sequence sequence
        ? sequence.items().stream()
            .flatMap(item -> item instanceof Scalar word ? Stream.of(word) : Stream.empty())
        : Stream.empty();
  }
}
