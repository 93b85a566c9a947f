package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the categories of data and their fields (I.*). */
final class CategoryReader {
  static final String THIRD_PARTY = "third-party";
  static final String COOKIES = "cookies";
  static final Vocabulary<String> METHODS =
      new Vocabulary<>(
          "method",
          Stream.of(
                  "form",
                  "product-use",
                  "device-settings",
                  COOKIES,
                  "server-log",
                  "satellite",
                  "wifi",
                  "mobile-network",
                  "sensor",
                  THIRD_PARTY)
              .collect(Collectors.toMap(Function.identity(), Function.identity())));
  private static final Vocabulary<Scope> SCOPES = Vocabulary.of("scope", Scope.values());
  private static final Vocabulary<Kind> KINDS = Vocabulary.of("kind", Kind.values());
  private static final Vocabulary<About> ABOUTS = Vocabulary.of("word", About.values());
  private static final Vocabulary<FieldType> TYPES =
      Vocabulary.of("type", FieldType.values(), FieldType::word);
  private static final Vocabulary<Mask> MASKS = Vocabulary.of("mask", Mask.values(), Mask::word);
  private static final Pattern CHOICE = Pattern.compile("[a-z0-9]{1,32}(-[a-z0-9]{1,32}){0,3}");

  /** Collected only while its conditions hold. */
  private static final String LOCATION = "I.3";

  private final Reading reading;
  private final Problems problems;
  private final Map<FieldType, Scalar> lookups = new HashMap<>();

  /** The categories told to hold nothing people are found by. */
  private final Set<CategoryId> misplaced = new HashSet<>();

  CategoryReader(Reading reading) {
    this.reading = reading;
    this.problems = reading.problems();
  }

  List<Category> read(Value categories) {
    return reading.each(categories.entries(), "category", CategoryId::new, this::category);
  }

  private Category category(CategoryId id, Keys keys) {
    Value method = keys.required("method", "method: [form]");
    List<String> methods = method.someOf(METHODS);
    if (method.isEmptyCollection()) {
      method.key().ifPresent(key -> empty(key, keys));
    }
    Value scopeValue = keys.optional("scope");
    // Empty for a word that is no scope: that was told, and nothing follows from it.
    Optional<Scope> scope =
        scopeValue.isPresent() ? scopeValue.oneOf(SCOPES) : Optional.of(Scope.PRODUCT);
    Kind kind = keys.optional("kind").oneOf(KINDS).orElse(Kind.PROFILE);
    Set<ConditionId> requires =
        reading.known(
            keys.optional("requires"),
            "condition",
            keys,
            reading.declared().conditions(),
            ConditionId::new);
    Value fields = keys.required("fields", "fields: { name: { type: name } }");
    if (fields.isEmptyCollection()) {
      fields.key().ifPresent(key -> empty(key, keys));
    }
    Category category =
        new Category(
            id,
            reading.clause(keys, Clauses.Part.CATEGORY, "I.1"),
            methods,
            scope.orElse(Scope.PRODUCT),
            kind,
            keys.optional("about").oneOf(ABOUTS).orElse(About.SUBJECT),
            requires,
            reading.each(
                fields.entries(),
                "field",
                name -> new FieldId(id, name),
                (field, own) -> field(field, own, scope, kind)));
    if (category.clause().value().equals(LOCATION) && !keys.optional("requires").isPresent()) {
      problems.error(
          keys.owner(),
          keys.name() + " is collected whatever the device is set to (I.3)",
          "add `requires: [device-location-on, location-service-in-use]`, and both under"
              + " `conditions`");
    }
    if (category.about() == About.ANOTHER) {
      category.fields().forEach(this::checkFindsNobody);
    }
    return category;
  }

  private void checkFindsNobody(Field field) {
    Scalar place = reading.declared().fields().get(field.id());
    if (field.lookup() == Lookup.ALIAS && place != null) {
      problems.error(
          place,
          "nobody is found by `" + field.id() + "`, which is about somebody else",
          "remove `lookup`, or `about: another`");
    }
  }

  private Field field(FieldId id, Keys keys, Optional<Scope> scope, Kind kind) {
    Optional<FieldType> type = keys.required("type", "type: text").oneOf(TYPES);
    Value maskValue = keys.optional("mask");
    Optional<Mask> mask = maskValue.oneOf(MASKS);
    if (type.isPresent() && mask.isPresent() && !type.get().fits(mask.get())) {
      maskValue.word().ifPresent(word -> unfit(word, type.get()));
    }
    boolean sensitive = keys.optional("sensitive").flag(false);
    Value lookup = keys.optional("lookup");
    boolean alias = lookup.flag(false);
    if (alias && type.isPresent()) {
      lookup.key().ifPresent(key -> checkLookup(key, id, type.get(), scope, kind));
    }
    List<String> choices = choices(keys, type);
    if (type.isPresent() && !sensitive) {
      checkSensitive(keys.owner(), id, type.get());
    }
    return new Field(
        id,
        type.orElse(FieldType.TEXT),
        mask.orElse(Mask.HIDDEN),
        sensitive ? Sensitivity.SENSITIVE : Sensitivity.ORDINARY,
        alias ? Lookup.ALIAS : Lookup.NONE,
        choices);
  }

  private void unfit(Scalar word, FieldType type) {
    String fitting =
        MASKS.words().entrySet().stream()
            .filter(mask -> type.fits(mask.getValue()))
            .map(mask -> "`" + mask.getKey() + "`")
            .collect(Collectors.joining(", "));
    problems.error(
        word,
        "mask " + Quoted.of(word.text()) + " does not fit type `" + type.word() + "`",
        "use " + fitting);
  }

  private List<String> choices(Keys keys, Optional<FieldType> type) {
    Value value = keys.optional("choices");
    List<Scalar> words = value.words();
    for (Scalar word : words) {
      if (!CHOICE.matcher(word.text()).matches()) {
        problems.error(
            word,
            "malformed choice " + Quoted.of(word.text()) + " of " + keys.name(),
            Names.remedy(word.text(), "use lower-case letters, digits and single hyphens"));
      }
    }
    boolean choice = type.isPresent() && type.get() == FieldType.CHOICE;
    if (choice && words.isEmpty()) {
      problems.error(
          keys.owner(), keys.name() + " has no `choices`", "add `choices: [first, second]`");
    } else if (type.isPresent() && !choice && value.isPresent()) {
      problems.error(
          value.key(),
          keys.name() + " has `choices` but is of type `" + type.get().word() + "`",
          "write `type: choice`, or remove `choices`");
    }
    return words.stream().map(Scalar::text).toList();
  }

  private void checkLookup(
      Scalar key, FieldId id, FieldType type, Optional<Scope> scope, Kind kind) {
    if (!type.findsPeople()) {
      problems.error(
          key,
          "people cannot be found by `"
              + id
              + "`: type `"
              + type.word()
              + "` is too easily guessed",
          "remove `lookup`; only `email`, `phone` and `external-id` can have it");
    } else if (kind != Kind.PROFILE || !findsIn(type, scope)) {
      if (misplaced.add(id.category())) {
        misplaced(key, id, type);
      }
    } else if (lookups.putIfAbsent(type, key) != null) {
      problems.error(
          key,
          "a second field of type `" + type.word() + "` has `lookup`",
          "keep `lookup` on one field of each type");
    }
  }

  /** Whether people can be found by a value of that type that such a category holds. */
  private static boolean findsIn(FieldType type, Optional<Scope> scope) {
    return scope.isEmpty() || (scope.get() == Scope.PRODUCT) == (type == FieldType.EXTERNAL_ID);
  }

  private void misplaced(Scalar key, FieldId id, FieldType type) {
    boolean own = type == FieldType.EXTERNAL_ID;
    problems.error(
        key,
        "people are found by `"
            + type.word()
            + (own ? "` in the one product whose number it is" : "` across products")
            + ", and by one current value; `"
            + id.category()
            + "` is not such a category",
        "put `"
            + id.name()
            + "` into a category "
            + (own ? "without `scope` and `kind`" : "with `scope: account` and no `kind`"));
  }

  private void checkSensitive(Scalar owner, FieldId id, FieldType type) {
    for (Law law : reading.laws()) {
      Optional<Law.Demand> demand = law.sensitive(type);
      if (demand.isPresent()) {
        problems.error(
            owner,
            "field `" + id + "` is sensitive data in " + law.jurisdiction(),
            "add `sensitive: true` (" + demand.get().source() + ")");
        return;
      }
    }
  }

  private void empty(Scalar key, Keys keys) {
    problems.error(
        key, "`" + key.text() + "` of " + keys.name() + " lists nothing", "list at least one");
  }
}
