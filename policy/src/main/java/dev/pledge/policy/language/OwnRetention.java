package dev.pledge.policy.language;

import static dev.pledge.policy.language.OwnTerms.byKey;
import static dev.pledge.policy.language.OwnTerms.value;
import static dev.pledge.policy.language.OwnTerms.words;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.FieldId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays how long one product keeps data over how long all do, field by field (VIII.1, IV.1). The
 * shortest and the longest time that the policy states for a field are the company's, and go on
 * counting.
 */
final class OwnRetention {
  private static final String OF = "of";
  private static final List<String> LIMITS = List.of("minimum", "maximum");

  private final Mapping general;
  private final Declared declared;
  private final Problems problems;

  OwnRetention(Mapping general, Problems problems) {
    this.general = general;
    this.declared = Declared.in(general);
    this.problems = problems;
  }

  /** The general lines without the fields of which the product's own speak, and those. */
  Sequence over(Sequence before, Sequence after) {
    Set<FieldId> own = new HashSet<>();
    after.items().stream().flatMap(OwnRetention::namedIn).forEach(word -> addTo(own, word));
    List<Node> lines = new ArrayList<>();
    before.items().forEach(line -> without(own, line).ifPresent(lines::add));
    after.items().forEach(line -> lines.add(withLimits(line, before)));
    return new Sequence(before.place(), List.copyOf(lines));
  }

  private void addTo(Set<FieldId> own, Scalar word) {
    Set<FieldId> fields = meant(word);
    own.addAll(fields);
    fields.stream()
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

  /** What a word stands for; what it is nearest to, where it stands for nothing. */
  private Set<FieldId> meant(Node item) {
    return item instanceof Scalar word
        ? declared
            .fieldsMeantBy(word.text())
            .or(
                () ->
                    Nearest.to(word.text(), declared.fieldNames()).flatMap(declared::fieldsMeantBy))
            .orElse(Set.of())
        : Set.of();
  }

  private boolean isAccountWide(FieldId field) {
    return value(general, "categories").stream()
        .flatMap(entry -> entry.value() instanceof Mapping all ? all.entries().stream() : null)
        .filter(category -> category.key().text().equals(field.category().value()))
        .flatMap(
            category ->
                category.value() instanceof Mapping own ? value(own, "scope").stream() : null)
        .anyMatch(scope -> scope.value() instanceof Scalar word && word.text().equals("account"));
  }

  private Optional<Node> without(Set<FieldId> own, Node line) {
    if (!(line instanceof Mapping said)
        || !(value(said, OF).map(Entry::value).orElse(line) instanceof Sequence of)) {
      return Optional.of(line);
    }
    List<Node> left = of.items().stream().flatMap(word -> leftOf(own, word)).toList();
    if (left.isEmpty() && !of.items().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Entry> keys = byKey(said);
    keys.computeIfPresent(OF, (_, entry) -> new Entry(entry.key(), new Sequence(of.place(), left)));
    return Optional.of(new Mapping(said.place(), List.copyOf(keys.values())));
  }

  /** The word, or the fields that are left of what it means. */
  private Stream<Node> leftOf(Set<FieldId> own, Node item) {
    Set<FieldId> fields = meant(item);
    if (Collections.disjoint(fields, own)) {
      return Stream.of(item);
    }
    return fields.stream()
        .filter(field -> !own.contains(field))
        .sorted()
        .map(field -> new Scalar(item.place(), field.toString(), true));
  }

  private Node withLimits(Node line, Sequence before) {
    if (!(line instanceof Mapping said)) {
      return line;
    }
    Set<FieldId> fields = new HashSet<>();
    namedIn(line).forEach(word -> fields.addAll(meant(word)));
    Map<String, Entry> keys = byKey(said);
    for (String limit : LIMITS) {
      limit(limit, fields, before)
          .ifPresent(
              entry -> {
                Entry own = keys.putIfAbsent(limit, entry);
                if (own != null) {
                  problems.error(
                      own.key(),
                      "the `" + limit + "` of a retention is the same for all products",
                      "remove it here; that of the policy counts");
                }
              });
    }
    return new Mapping(said.place(), List.copyOf(keys.values()));
  }

  private Optional<Entry> limit(String limit, Set<FieldId> fields, Sequence before) {
    return before.items().stream()
        .filter(line -> namedIn(line).anyMatch(word -> !Collections.disjoint(meant(word), fields)))
        .flatMap(line -> line instanceof Mapping said ? value(said, limit).stream() : null)
        .findFirst();
  }

  private static Stream<Scalar> namedIn(Node line) {
    return line instanceof Mapping said
        ? value(said, OF).stream().flatMap(of -> words(of.value()))
        : Stream.empty();
  }
}
