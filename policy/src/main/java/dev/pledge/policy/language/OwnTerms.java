package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
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

  /**
   * What a part is not made of without: by these keys one that is new is told from one misspelt.
   */
  private static final Map<String, List<String>> WHOLE =
      Map.of(
          PURPOSES,
          List.of("basis"),
          "roles",
          List.of("purposes", "collects", "data"),
          "recipients",
          List.of("kind"));

  /** What may be left out of a part, and is by `none`. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "assessment",
          "channels",
          "collects",
          "may-reveal",
          "programme",
          "sensitive-because",
          "undertaking");

  /** What the law allows without asking is no matter of a product (II.I.7). */
  private static final List<String> OF_THE_LAW = List.of("exception", "break-glass");

  private final Mapping general;
  private final Declared declared;
  private final ProductId product;
  private final Problems problems;

  private OwnTerms(Mapping general, Declared declared, ProductId product, Problems problems) {
    this.general = general;
    this.declared = declared;
    this.product = product;
    this.problems = problems;
  }

  /**
   * The general policy as it counts for {@code product}, whose file says {@code own}.
   *
   * @param declared the names of the general policy
   */
  static Mapping over(
      Mapping general, Declared declared, Mapping own, ProductId product, Problems problems) {
    return new OwnTerms(general, declared, product, problems).merged(own);
  }

  private Mapping merged(Mapping own) {
    Map<String, Entry> merged = byKey(general);
    Set<String> said = new HashSet<>();
    for (String key : KEYS) {
      Optional<Entry> written = value(own, key);
      if (written.isPresent() && said.add(written.get().key().text())) {
        Entry named = named(written.get(), key, "the terms of product `" + product + "`");
        checkNew(named);
        String at = value(general, key).map(then -> then.key().text()).orElse(key);
        merged.merge(at, named, this::over);
      }
    }
    own.entries().stream()
        .map(Entry::key)
        .filter(key -> !said.contains(key.text()))
        .forEach(this::notOfAProduct);
    return new Mapping(general.place(), List.copyOf(merged.values()));
  }

  /** The entry under the key that it was meant to have; reported where that is another. */
  private Entry named(Entry entry, String key, String where) {
    Scalar written = entry.key();
    if (written.text().equals(key)) {
      return entry;
    }
    problems.unknown(written, "key", where, List.of(key));
    return new Entry(new Scalar(written.place(), key, true), entry.value());
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
  private void checkNew(Entry own) {
    if (own.key().text().equals(PURPOSES) && own.value() instanceof Mapping purposes) {
      purposes.entries().forEach(this::checkPurpose);
    }
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

  /** What is of another form than the general part takes nothing away from it. */
  private Entry over(Entry then, Entry own) {
    String key = own.key().text();
    String name = "`" + key + "` of the terms of product `" + product + "`";
    if (NAMED.contains(key) && then.value() instanceof Mapping before) {
      return Keys.mapping(own.value(), name, problems)
          .map(after -> new Entry(then.key(), parts(key, before, after)))
          .orElse(then);
    }
    if (key.equals(RETENTION) && then.value() instanceof Sequence before) {
      if (own.value() instanceof Sequence after) {
        return new Entry(
            then.key(), new OwnRetention(general, declared, problems).over(before, after));
      }
      problems.error(
          own.value().place(),
          own.value().excerpt(),
          name + " must be a list",
          "write `- { of: […], keep: P30D, from: collection, then: delete }` lines under it");
      return then;
    }
    return own;
  }

  private Mapping parts(String kind, Mapping before, Mapping after) {
    Map<String, Entry> parts = byKey(before);
    for (Entry own : after.entries()) {
      if (parts.containsKey(own.key().text()) || isNew(kind, own, parts.keySet())) {
        parts.merge(own.key().text(), own, (then, now) -> part(kind, then, now));
      }
    }
    return new Mapping(before.place(), List.copyOf(parts.values()));
  }

  /**
   * Whether what has another name than all general parts is one more, and not one of them misspelt:
   * that would say only what differs.
   */
  private boolean isNew(String kind, Entry own, Set<String> known) {
    boolean whole =
        own.value() instanceof Mapping said
            && WHOLE.getOrDefault(kind, List.of()).stream()
                .anyMatch(key -> value(said, key).isPresent());
    boolean none = own.value() instanceof Scalar word && word.text().equals(NONE);
    if (whole || !(none || Nearest.to(own.key().text(), known).isPresent())) {
      return true;
    }
    if (problems.isMalformed(own.key())) {
      return false;
    }
    problems.unknown(own.key(), singular(kind), "the terms of product `" + product + "`", known);
    return false;
  }

  private static String singular(String kind) {
    return kind.substring(0, kind.length() - 1);
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
        return mayDoWithout(own.key(), before)
            ? new Entry(own.key(), ofTheOthers(before, word))
            : then;
      }
    }
    if (!(own.value() instanceof Mapping after)) {
      problems.error(
          own.value().place(),
          own.value().excerpt(),
          Quoted.of(own.key().text())
              + " in `"
              + kind
              + "` of the terms of product `"
              + product
              + "` must be a mapping of keys to values",
          "write the keys that differ under it"
              + (kind.equals(PURPOSES) ? ", or `none` where the product does without it" : ""));
      return then;
    }
    String of = singular(kind) + " " + Quoted.of(own.key().text());
    return new Entry(own.key(), new Mapping(before.place(), keys(before, after, of)));
  }

  private List<Entry> keys(Mapping before, Mapping after, String of) {
    List<Entry> keys = new ArrayList<>();
    Set<String> said = new HashSet<>();
    for (Entry then : before.entries()) {
      String key = then.key().text();
      Optional<Entry> own = value(after, key).filter(entry -> said.add(entry.key().text()));
      if (own.isEmpty()) {
        keys.add(then);
      } else if (isLeftOut(key, own.get())) {
        named(own.get(), key, of);
      } else {
        keys.add(own.get());
      }
    }
    after.entries().stream()
        .filter(own -> !said.contains(own.key().text()) && !isLeftOut(own.key().text(), own))
        .forEach(keys::add);
    return List.copyOf(keys);
  }

  private static boolean isLeftOut(String key, Entry own) {
    return LEFT_OUT.contains(key) && own.value() instanceof Scalar word && word.text().equals(NONE);
  }

  /** What the law orders, and what children are protected by, is done in every product. */
  private boolean mayDoWithout(Scalar purpose, Mapping general) {
    boolean ordered =
        says(general, "basis", "legal-obligation") || says(general, "basis", "vital-interest");
    if (!ordered && !says(general, "before-guardian", "true")) {
      return true;
    }
    problems.error(
        purpose,
        "no product does without purpose "
            + Quoted.of(purpose.text())
            + (ordered ? ", which the law orders" : ", by which a guardian is asked (VI.1)"),
        "remove it here");
    return false;
  }

  private static boolean says(Mapping part, String key, String word) {
    return value(part, key)
        .filter(entry -> entry.value() instanceof Scalar said && said.text().equals(word))
        .isPresent();
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

  // ---------------------------------------------------------------- trees

  static Map<String, Entry> byKey(Mapping mapping) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    mapping.entries().forEach(entry -> entries.put(entry.key().text(), entry));
    return entries;
  }

  /** The entry of the key, or of what was probably meant to be it. */
  static Optional<Entry> value(Mapping mapping, String key) {
    return Keys.find(mapping.entries(), key);
  }

  static Stream<Scalar> words(Node list) {
    return list instanceof Sequence sequence
        ? sequence.items().stream()
            .flatMap(item -> item instanceof Scalar word ? Stream.of(word) : Stream.empty())
        : Stream.empty();
  }
}
