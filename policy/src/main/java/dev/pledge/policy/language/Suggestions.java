package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.HandOver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a question probably means where it names what a policy does not declare. Holds names of the
 * policy alone and never what was written, which may be anything.
 *
 * @param names of the parts of the question
 * @param fields by their place among the asked fields
 */
public record Suggestions(List<Suggestion> names, Map<Integer, String> fields) {
  public Suggestions {
    names = List.copyOf(names);
    fields = Map.copyOf(fields);
  }

  /**
   * A name that was probably meant.
   *
   * @param of the part of the question, as requests call it: {@code purpose}, {@code conditions}
   */
  public record Suggestion(String of, String name) {}

  /** The nearest names that the policy declares, for those it does not. */
  public static Suggestions of(Question question, Policy policy) {
    List<Suggestion> names = new ArrayList<>();
    add(names, "purpose", question.purpose(), names(policy.purposes(), Policy.Purpose::id));
    add(names, "product", question.product(), words(policy.products()));
    add(names, "channel", question.channel(), channels(question, policy));
    add(names, "source", question.source(), sources(policy));
    HandOver handOver = question.handOver();
    add(
        names,
        "recipient",
        handOver == null ? null : handOver.recipient(),
        names(policy.sharing().recipients(), recipient -> recipient.id()));
    List<String> conditions =
        policy.categories().stream()
            .flatMap(c -> c.requires().stream())
            .map(Object::toString)
            .toList();
    question.conditions().stream()
        .sorted()
        .forEach(condition -> add(names, "conditions", condition, conditions));
    question.asker().roles().stream()
        .sorted()
        .forEach(role -> add(names, "roles", role.value(), names(policy.roles(), Policy.Role::id)));
    return new Suggestions(names, fields(question, policy));
  }

  /** The nearest of the known names; empty for one of them, and where none is near. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    return known.contains(name) ? Optional.empty() : Nearest.to(name, known);
  }

  /** The name among {@code known} that is nearest to one that is not, if one is near. */
  public static Optional<String> of(String unknown, Collection<String> known) {
    return Nearest.to(unknown, known);
  }

  private static Map<Integer, String> fields(Question question, Policy policy) {
    List<String> known =
        policy.categories().stream()
            .flatMap(category -> category.fields().stream())
            .map(field -> field.id().toString())
            .toList();
    Map<Integer, String> fields = new TreeMap<>();
    for (int i = 0; i < question.fields().size(); i++) {
      String asked = question.fields().get(i);
      int place = i;
      nearest(asked, known).ifPresent(near -> fields.put(place, near));
    }
    return fields;
  }

  private static List<String> channels(Question question, Policy policy) {
    boolean known =
        policy.purposes().stream().anyMatch(p -> p.id().value().equals(question.purpose()));
    return policy.purposes().stream()
        .filter(purpose -> !known || purpose.id().value().equals(question.purpose()))
        .flatMap(purpose -> purpose.channels().stream())
        .map(Object::toString)
        .toList();
  }

  private static List<String> sources(Policy policy) {
    return Stream.concat(
            Stream.of(CompiledPolicy.PERSON, CompiledPolicy.PRODUCT_USE),
            policy.sources().stream().map(source -> source.id().value()))
        .toList();
  }

  private static <T> List<String> names(List<T> parts, Function<T, Object> name) {
    return words(parts.stream().map(name).toList());
  }

  private static List<String> words(List<?> names) {
    return names.stream().map(Object::toString).toList();
  }

  private static void add(
      List<Suggestion> names, String of, @Nullable String asked, Collection<String> known) {
    if (asked != null) {
      nearest(asked, known).ifPresent(near -> names.add(new Suggestion(of, near)));
    }
  }
}
