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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lays how long one product keeps data over how long all do, field by field (VIII.1, IV.1). The
 * shortest and the longest time that the policy states for a field are the company's, and go on
 * counting.
 */
final class OwnRetention {
  private static final String OF = "of";
  private static final List<String> LIMITS = List.of("minimum", "maximum");

  /** How many words are looked up, and told of; nobody writes more. */
  private static final int MOST_WORDS = 2_000;

  private final Declared declared;
  private final Problems problems;

  /** The categories that all products share. */
  private final Set<String> accountWide;

  /** What words stand for: a file may repeat them as often as its size allows. */
  private final Map<String, Set<FieldId>> meanings = new HashMap<>();

  /** By what starts them, the fields whose times the product states. */
  private final Map<String, Set<FieldId>> restated = new HashMap<>();

  OwnRetention(Mapping general, Declared declared, Problems problems) {
    this.declared = declared;
    this.problems = problems;
    this.accountWide =
        value(general, "categories").stream()
            .flatMap(entry -> entry.value() instanceof Mapping all ? all.entries().stream() : null)
            .filter(category -> isAccountWide(category.value()))
            .map(category -> category.key().text())
            .collect(Collectors.toSet());
  }

  private static boolean isAccountWide(Node category) {
    return category instanceof Mapping own
        && value(own, "scope")
            .filter(scope -> scope.value() instanceof Scalar word && word.text().equals("account"))
            .isPresent();
  }

  /** The general lines without the fields of which the product's own speak, and those. */
  Sequence over(Sequence before, Sequence after) {
    Set<FieldId> own = new HashSet<>();
    Map<String, Scalar> words = new LinkedHashMap<>();
    after.items().stream()
        .flatMap(OwnRetention::namedIn)
        .forEach(word -> words.putIfAbsent(word.text(), word));
    words.values().forEach(word -> addTo(own, word));
    after
        .items()
        .forEach(
            line ->
                restated.computeIfAbsent(start(line), _ -> new HashSet<>()).addAll(fields(line)));
    List<Node> lines = new ArrayList<>();
    before.items().forEach(line -> without(own, line).ifPresent(lines::add));
    after.items().forEach(line -> lines.add(withLimits(line, before)));
    return new Sequence(before.place(), List.copyOf(lines));
  }

  private void addTo(Set<FieldId> own, Scalar word) {
    Set<FieldId> fields = meant(word);
    own.addAll(fields);
    fields.stream()
        .filter(field -> accountWide.contains(field.category().value()))
        .min(Comparator.naturalOrder())
        .ifPresent(
            field ->
                problems.error(
                    word,
                    "`" + field + "` is shared by all products, and so is how long it is kept",
                    "write it in `" + PolicySource.POLICY + "`, or remove it here"));
  }

  /** What a word stands for; what it is nearest to, where it stands for nothing. */
  private Set<FieldId> meant(Node item) {
    if (!(item instanceof Scalar word)) {
      return Set.of();
    }
    return meanings.size() < MOST_WORDS
        ? meanings.computeIfAbsent(word.text(), this::meant)
        : meanings.getOrDefault(word.text(), Set.of());
  }

  private Set<FieldId> known(String word) {
    return meanings.getOrDefault(word, Set.of());
  }

  private Set<FieldId> meant(String word) {
    return declared
        .fieldsMeantBy(word)
        .or(() -> Nearest.to(word, declared.fieldNames()).flatMap(declared::fieldsMeantBy))
        .orElse(Set.of());
  }

  private Optional<Node> without(Set<FieldId> own, Node line) {
    Optional<Entry> entry = line instanceof Mapping said ? value(said, OF) : Optional.empty();
    if (!(line instanceof Mapping said)
        || entry.isEmpty()
        || !(entry.get().value() instanceof Sequence of)) {
      return Optional.of(line);
    }
    Set<String> expanded = new HashSet<>();
    List<Node> left =
        of.items().stream()
            .flatMap(word -> isRepeated(word, expanded) ? Stream.of(word) : leftOf(own, word))
            .toList();
    if (left.isEmpty() && !of.items().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Entry> keys = byKey(said);
    Scalar key = entry.get().key();
    keys.put(key.text(), new Entry(key, new Sequence(of.place(), left)));
    return Optional.of(new Mapping(said.place(), List.copyOf(keys.values())));
  }

  /** What stands twice is told when it is read, and taken apart once. */
  private static boolean isRepeated(Node item, Set<String> seen) {
    return item instanceof Scalar word && !seen.add(word.text());
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
    Set<FieldId> fields = fields(line);
    Map<String, Entry> keys = byKey(said);
    for (String limit : LIMITS) {
      before.items().stream()
          .filter(then -> limits(then, start(line), fields))
          .flatMap(then -> then instanceof Mapping each ? value(each, limit).stream() : null)
          .findFirst()
          .ifPresent(
              entry -> {
                Optional<Entry> own = value(said, limit);
                if (own.isEmpty()) {
                  keys.put(entry.key().text(), entry);
                }
                problems.error(
                    own.map(Entry::key),
                    "the `" + limit + "` of a retention is the same for all products",
                    "remove it here; that of the policy counts");
              });
    }
    return new Mapping(said.place(), List.copyOf(keys.values()));
  }

  /** Whether what a general line states counts for a line of these fields. */
  private boolean limits(Node general, String start, Set<FieldId> fields) {
    String from = start(general);
    Set<FieldId> elsewhere = from.equals(start) ? Set.of() : restated.getOrDefault(from, Set.of());
    return namedIn(general)
        .flatMap(word -> meant(word).stream())
        .anyMatch(field -> fields.contains(field) && !elsewhere.contains(field));
  }

  private Set<FieldId> fields(Node line) {
    Set<FieldId> fields = new HashSet<>();
    namedIn(line).map(Scalar::text).distinct().forEach(word -> fields.addAll(known(word)));
    return fields;
  }

  private static String start(Node line) {
    return line instanceof Mapping said
        ? value(said, "from").stream()
            .flatMap(from -> from.value() instanceof Scalar word ? Stream.of(word.text()) : null)
            .findFirst()
            .orElse("")
        : "";
  }

  private static Stream<Scalar> namedIn(Node line) {
    return line instanceof Mapping said
        ? value(said, OF).stream().flatMap(of -> words(of.value()))
        : Stream.empty();
  }
}
