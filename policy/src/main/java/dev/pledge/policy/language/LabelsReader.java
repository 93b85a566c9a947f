package dev.pledge.policy.language;

import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads what names are called in one language. Labels are all there or not at all: a page half in
 * words and half in names would be read by nobody.
 */
final class LabelsReader {
  private static final int LONGEST = 120;

  private final SourceText source;
  private final String language;
  private final Problems problems;
  private final Map<Object, String> texts = new HashMap<>();

  /** Where fields of different categories may be called alike: each is told under its category. */
  private static final String DATA = "data";

  private LabelsReader(SourceText source, String language, Problems problems) {
    this.source = source;
    this.language = language;
    this.problems = problems;
  }

  /** The labels of {@code policy} that {@code source} holds; reports every name without one. */
  static Optional<Labels> read(
      SourceText source, String language, Policy policy, Problems problems) {
    return YamlTree.read(source, problems)
        .map(top -> new LabelsReader(source, language, problems).readAll(top, policy));
  }

  private Labels readAll(Mapping top, Policy policy) {
    Keys keys = new Keys(top, new Scalar(source.start(), "", false), "the labels", problems);
    named(policy)
        .forEach(
            (section, ids) -> {
              Value value = keys.optional(section);
              if (!ids.isEmpty()) {
                section(section, ids, value);
              }
            });
    keys.finish();
    return new Labels(language, texts);
  }

  /** Everything people are told the name of, by the section of the file. */
  private static Map<String, List<Object>> named(Policy policy) {
    Map<String, List<Object>> named = new LinkedHashMap<>();
    named.put("products", policy.products().size() > 1 ? all(policy.products()) : List.of());
    named.put(
        DATA,
        policy.categories().stream()
            .flatMap(
                category ->
                    Stream.concat(
                        Stream.<Object>of(category.id()),
                        category.fields().stream().map(Policy.Field::id)))
            .toList());
    named.put("purposes", all(policy, layer -> layer.purposes().stream().map(Policy.Purpose::id)));
    named.put("roles", all(policy, layer -> layer.roles().stream().map(Policy.Role::id)));
    named.put("sources", all(policy.sources().stream().map(Policy.Source::id).toList()));
    named.put(
        "recipients",
        all(policy, layer -> layer.sharing().recipients().stream().map(Sharing.Recipient::id)));
    named.put(
        "companies",
        policy.sharing().companies().stream()
            .map(Sharing.Company::id)
            .filter(company -> !company.equals(ControlGraph.CONTROLLER))
            .<Object>map(id -> id)
            .toList());
    named.put(
        "conditions",
        Stream.concat(
                policy.categories().stream()
                    .flatMap(category -> category.requires().stream().sorted()),
                policy.duties().leaving().closing().values().stream().flatMap(Set::stream).sorted())
            .<Object>map(id -> id)
            .distinct()
            .toList());
    named.put(
        "undertakings",
        all(policy, layer -> layer.roles().stream().flatMap(role -> role.undertaking().stream())));
    return named;
  }

  /** Those of all products, and of single ones. */
  private static List<Object> all(Policy policy, Function<Policy, Stream<?>> ids) {
    return policy.layers().stream().<Object>flatMap(ids).distinct().toList();
  }

  private static List<Object> all(Collection<?> ids) {
    return List.copyOf(ids);
  }

  private void section(String section, List<Object> ids, Value value) {
    Map<String, Object> byName = new LinkedHashMap<>();
    ids.forEach(id -> byName.put(id.toString(), id));
    Set<String> missing = new LinkedHashSet<>(byName.keySet());
    Map<String, String> named = new HashMap<>();
    Set<String> misspelt = new HashSet<>();
    for (Entry entry : value.entries()) {
      Object id = byName.get(entry.key().text());
      missing.remove(entry.key().text());
      if (id == null) {
        String where = "`" + section + "` of the labels";
        if (problems.isMalformed(entry.key())) {
          Nearest.to(entry.key().text(), byName.keySet()).ifPresent(misspelt::add);
        } else {
          problems.unknown(entry.key(), "name", where, byName.keySet()).ifPresent(misspelt::add);
        }
      } else {
        new Value(Optional.of(entry), "the label of `" + id + "`", problems)
            .text(LONGEST)
            .ifPresent(
                text -> {
                  texts.put(id, text);
                  String other = named.putIfAbsent(text.toLowerCase(Locale.ROOT), id.toString());
                  if (other != null && !section.equals(DATA)) {
                    problems.error(
                        entry.key(),
                        "`" + id + "` has the same label as `" + other + "`",
                        "give each words of its own");
                  }
                });
      }
    }
    missing.removeAll(misspelt);
    Scalar at = value.key().orElseGet(() -> new Scalar(source.start(), "", false));
    for (String name : missing) {
      problems.error(
          at,
          "`" + name + "` has no label in language `" + language + "`",
          "add `" + name + ": …` under `" + section + "`");
    }
  }
}
