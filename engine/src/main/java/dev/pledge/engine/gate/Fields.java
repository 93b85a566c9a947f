package dev.pledge.engine.gate;

import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.value.Shape;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a policy version says of fields, as fetching and storing need it. */
final class Fields {
  private final CompiledPolicy policy;
  private final Vocabulary vocabulary;

  Fields(CompiledPolicy policy, Vocabulary vocabulary) {
    this.policy = policy;
    this.vocabulary = vocabulary;
  }

  CompiledPolicy policy() {
    return policy;
  }

  /**
   * The declared ones among the asked fields, as codes; undeclared names are fetched from nowhere.
   */
  Wanted wanted(List<String> asked, String product, Window window) {
    List<Short> profile = new ArrayList<>();
    List<Short> series = new ArrayList<>();
    for (String field : asked) {
      if (policy.declared(field) != null) {
        (isSeries(field) ? series : profile).add(vocabulary.code(field));
      }
    }
    return new Wanted(
        profile.toArray(Short[]::new),
        series.toArray(Short[]::new),
        policy.covers(product) ? vocabulary.code(product) : 0,
        window);
  }

  /** As {@link #wanted}, of profiles alone. */
  Wanted wantedProfile(List<String> asked) {
    return wanted(
        asked.stream().filter(field -> !isSeries(field)).toList(),
        CompiledPolicy.GENERAL,
        Window.DEFAULT);
  }

  boolean isSeries(String field) {
    Category category = policy.categoryOf(field);
    return category != null && category.kind() == Kind.EVENT_SERIES;
  }

  boolean isAccountWide(FieldId field) {
    Category category = policy.categoryOf(field.toString());
    return category != null && category.scope() == Scope.ACCOUNT;
  }

  /** Whose value of the field {@code product} has: its own, or, as null, the account's. */
  @Nullable ProductId holder(FieldId field, ProductId product) {
    return isAccountWide(field) ? null : product;
  }

  Field declaration(FieldId field) {
    Field declared = policy.declared(field.toString());
    if (declared == null) {
      throw new IllegalStateException("the policy no longer declares `" + field + "`");
    }
    return declared;
  }

  /** The field by which people are found by an alias of that type. */
  Optional<Field> alias(FieldType type) {
    return policy.source().categories().stream()
        .map(Policy.Category::fields)
        .flatMap(List::stream)
        .filter(field -> field.lookup() == Lookup.ALIAS && field.type() == type)
        .findFirst();
  }

  static Shape shape(Field field) {
    return field.type() == FieldType.CHOICE
        ? Shape.choice(new HashSet<>(field.choices()))
        : Shape.of(field.type());
  }
}
