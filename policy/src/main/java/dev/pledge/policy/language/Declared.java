package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every name the file declares, with its place, gathered before anything is read: so that names may
 * be used above the line that declares them, and one wrong line does not make the others unknown.
 *
 * @param fromOthers the categories said to be collected from third parties, and where that is said
 * @param malformed what was meant as a name and has not the form of one, fields with their category
 */
record Declared(
    Map<ProductId, Scalar> products,
    Map<ConditionId, Scalar> conditions,
    Map<UndertakingId, Scalar> undertakings,
    Map<String, Set<FieldId>> categories,
    Map<FieldId, Scalar> fields,
    Map<CategoryId, Scalar> categoryNames,
    Map<CategoryId, Scalar> fromOthers,
    Map<PurposeId, Scalar> purposes,
    Map<RoleId, Scalar> roles,
    Map<String, Scalar> sources,
    Map<CompanyId, Scalar> companies,
    Map<RecipientId, Scalar> recipients,
    Set<String> malformed) {
  /** How many malformed names are remembered; each was told of. */
  private static final int MOST_MALFORMED = 100;

  static Declared in(Mapping top) {
    Map<ProductId, Scalar> products = names(keys(top, "products"), ProductId::new);
    products.putIfAbsent(
        new ProductId(CompiledPolicy.GENERAL),
        new Scalar(top.place(), CompiledPolicy.GENERAL, true));
    Map<CompanyId, Scalar> companies = names(keys(top, "companies"), CompanyId::new);
    companies.putIfAbsent(
        ControlGraph.CONTROLLER, new Scalar(top.place(), ControlGraph.CONTROLLER.value(), true));
    Map<String, Set<FieldId>> categories = new LinkedHashMap<>();
    Map<FieldId, Scalar> fields = new LinkedHashMap<>();
    Map<CategoryId, Scalar> fromOthers = new LinkedHashMap<>();
    for (Entry category : entries(top, "categories")) {
      Names.make(category.key().text(), CategoryId::new)
          .ifPresent(
              id -> {
                Map<FieldId, Scalar> own = fieldsOf(id, category.value());
                categories.put(id.value(), Set.copyOf(own.keySet()));
                fields.putAll(own);
                methods(category.value())
                    .filter(word -> word.text().equals(CategoryReader.THIRD_PARTY))
                    .forEach(word -> fromOthers.putIfAbsent(id, word));
              });
    }
    return new Declared(
        products,
        names(items(top, "conditions"), ConditionId::new),
        names(items(top, "undertakings"), UndertakingId::new),
        categories,
        fields,
        names(keys(top, "categories"), CategoryId::new),
        fromOthers,
        names(keys(top, "purposes"), PurposeId::new),
        names(keys(top, "roles"), RoleId::new),
        names(keys(top, "sources"), name -> name),
        companies,
        names(keys(top, "recipients"), RecipientId::new),
        malformed(top));
  }

  private static Set<String> malformed(Mapping top) {
    Stream<Scalar> names =
        Stream.of("products", "purposes", "roles", "companies", "categories")
            .flatMap(key -> keys(top, key).stream());
    Stream<Scalar> items =
        Stream.of("conditions", "undertakings").flatMap(key -> items(top, key).stream());
    Stream<String> fields =
        entries(top, "categories").stream()
            .filter(category -> category.value() instanceof Mapping)
            .flatMap(
                category ->
                    keys((Mapping) category.value(), "fields").stream()
                        .map(field -> category.key().text() + "." + field.text())
                        .filter(name -> Names.make(name, FieldId::of).isEmpty()));
    return Stream.concat(
            Stream.concat(names, items)
                .map(Scalar::text)
                .filter(name -> Names.make(name, CategoryId::new).isEmpty()),
            fields)
        .limit(MOST_MALFORMED)
        .collect(Collectors.toSet());
  }

  /** Those of the fields that {@code chosen} holds of, each category's together. */
  Map<CategoryId, List<FieldId>> byCategory(Predicate<FieldId> chosen) {
    return fields.keySet().stream()
        .filter(chosen)
        .collect(Collectors.groupingBy(FieldId::category, LinkedHashMap::new, Collectors.toList()));
  }

  /** Where the first of some fields stands. */
  Scalar placeOf(List<FieldId> some) {
    return Optional.ofNullable(fields.get(some.getFirst())).orElseThrow();
  }

  /** Every name by which fields can be listed: fields and whole categories. */
  Set<String> fieldNames() {
    Set<String> names = new LinkedHashSet<>(categories.keySet());
    fields.keySet().forEach(field -> names.add(field.toString()));
    return names;
  }

  /** The fields meant by {@code name}: one, or all of a category. */
  Optional<Set<FieldId>> fieldsMeantBy(String name) {
    return Optional.ofNullable(categories.get(name))
        .or(() -> Names.make(name, FieldId::of).filter(fields::containsKey).map(Set::of));
  }

  private static Map<FieldId, Scalar> fieldsOf(CategoryId category, Node node) {
    return node instanceof Mapping mapping
        ? names(keys(mapping, "fields"), name -> new FieldId(category, name))
        : Map.of();
  }

  private static Stream<Scalar> methods(Node category) {
    return category instanceof Mapping mapping ? items(mapping, "method").stream() : Stream.empty();
  }

  private static <I> Map<I, Scalar> names(List<Scalar> words, Function<String, I> make) {
    Map<I, Scalar> names = new LinkedHashMap<>();
    for (Scalar word : words) {
      Names.make(word.text(), make).ifPresent(id -> names.putIfAbsent(id, word));
    }
    return names;
  }

  private static List<Scalar> keys(Mapping mapping, String key) {
    return entries(mapping, key).stream().map(Entry::key).toList();
  }

  private static List<Entry> entries(Mapping mapping, String key) {
    return under(mapping, key)
        .map(node -> node instanceof Mapping found ? found.entries() : List.<Entry>of())
        .orElse(List.of());
  }

  private static List<Scalar> items(Mapping mapping, String key) {
    return under(mapping, key).stream()
        .flatMap(node -> node instanceof Sequence found ? found.items().stream() : Stream.empty())
        .flatMap(item -> item instanceof Scalar word ? Stream.of(word) : Stream.empty())
        .toList();
  }

  private static Optional<Node> under(Mapping mapping, String key) {
    return Keys.find(mapping.entries(), key).map(Entry::value);
  }
}
