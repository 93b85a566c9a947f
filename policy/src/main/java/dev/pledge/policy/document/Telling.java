package dev.pledge.policy.document;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is told of a policy, and how: as far as it concerns one product, with people's words for its
 * names, in one tongue. For {@code general}, which lies under all products, that is everything.
 */
final class Telling {
  private final Policy whole;
  private final Policy policy;
  private final ProductId product;
  private final Labels labels;
  private final Tongue tongue;
  private final List<Purpose> purposes;
  private final List<Category> categories;

  Telling(Policy whole, ProductId product, Labels labels, Tongue tongue) {
    this.whole = whole;
    this.policy = whole.forProduct(product);
    this.product = product;
    this.labels = labels;
    this.tongue = tongue;
    this.purposes = policy.purposes().stream().filter(this::isOfProduct).toList();
    Set<FieldId> used =
        purposes.stream().flatMap(purpose -> purpose.uses().stream()).collect(Collectors.toSet());
    this.categories = holding(policy.categories(), field -> tellsAll() || used.contains(field));
  }

  /** Whether it is told of everything that the policy is about. */
  boolean tellsAll() {
    return product.value().equals(CompiledPolicy.GENERAL);
  }

  private boolean isOfProduct(Purpose purpose) {
    return tellsAll() || purpose.isOf(product);
  }

  private static List<Category> holding(List<Category> categories, Predicate<FieldId> told) {
    List<Category> holding = new ArrayList<>();
    for (Category all : categories) {
      List<Field> fields = all.fields().stream().filter(field -> told.test(field.id())).toList();
      if (!fields.isEmpty()) {
        holding.add(
            new Category(
                all.id(),
                all.clause(),
                all.methods(),
                all.scope(),
                all.kind(),
                all.about(),
                all.requires(),
                fields));
      }
    }
    return holding;
  }

  /** What counts for the product. */
  Policy policy() {
    return policy;
  }

  /** What counts for all products, with what single ones say in its place. */
  Policy whole() {
    return whole;
  }

  /** Whether it is told of the product, alone or among others. */
  boolean isToldOf(ProductId one) {
    return tellsAll() || product.equals(one);
  }

  Tongue tongue() {
    return tongue;
  }

  /** The purposes of the product, in the order of the policy. */
  List<Purpose> purposes() {
    return purposes;
  }

  /** The categories with those of their fields that a purpose of the product uses. */
  List<Category> categories() {
    return categories;
  }

  /** What the product is called; a policy of a single one has no word for it. */
  String productName() {
    return tellsAll() && !hasSeveralProducts() ? say(Phrases.ALL_PRODUCTS) : title(product);
  }

  /** Whether people can have accounts with more than one product. */
  boolean hasSeveralProducts() {
    return policy.products().size() > 1;
  }

  /** The fields told of that {@code meant} is true of, in the order of the policy. */
  List<Field> fields(Predicate<Field> meant) {
    return categories.stream()
        .flatMap(category -> category.fields().stream())
        .filter(meant)
        .toList();
  }

  String say(Phrase phrase, Object... values) {
    return tongue.say(phrase, values);
  }

  Line line(Phrase phrase, Object... values) {
    return Line.of(say(phrase, values));
  }

  String name(Object id) {
    return labels.of(id);
  }

  /** The name at the beginning of a line. */
  String title(Object id) {
    return tongue.begin(name(id));
  }

  String names(Stream<?> ids) {
    return tongue.list(ids.map(this::name).toList());
  }

  /** The words for each. */
  <T> List<String> words(Stream<T> things, Function<T, Phrase> words) {
    return things.map(thing -> say(words.apply(thing))).toList();
  }

  /** The fields, each under the heading of its category: {@code its name} says nothing alone. */
  List<Line> data(Collection<FieldId> fields) {
    List<Line> lines = new ArrayList<>();
    for (Category category : categories) {
      List<String> names =
          category.fields().stream()
              .map(Field::id)
              .filter(fields::contains)
              .map(this::name)
              .toList();
      if (!names.isEmpty()) {
        lines.add(new Line(title(category.id()), tongue.list(names)));
      }
    }
    return lines;
  }

  /** The same after {@code lead}, with whole categories by their heading alone. */
  List<Line> dataInShort(Phrase lead, Collection<FieldId> fields) {
    List<Line> parts = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    for (Category category : categories) {
      List<FieldId> all = category.fields().stream().map(Field::id).toList();
      if (fields.containsAll(all)) {
        whole.add(say(Phrases.ALL_UNDER, name(category.id())));
      } else {
        parts.addAll(data(all.stream().filter(fields::contains).toList()));
      }
    }
    List<Line> lines = new ArrayList<>();
    if (whole.size() == categories.size()) {
      lines.add(new Line(say(lead), say(Phrases.EVERYTHING)));
    } else if (!whole.isEmpty()) {
      lines.add(new Line(say(lead), tongue.list(whole)));
    } else if (!parts.isEmpty()) {
      lines.add(Line.of(say(lead) + tongue.colon().strip()));
    }
    lines.addAll(parts);
    return lines;
  }
}
