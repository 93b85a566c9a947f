package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the readers of the parts of a policy share. Where a part is wrong they report it and go on
 * with a stand-in, so that all problems are found; a policy with an error is never handed out.
 *
 * @param mentions the clauses named so far
 * @param flawed the parts that were read with an error, so that nothing follows from what they say
 */
record Reading(
    Problems problems, Declared declared, List<Law> laws, Mentions mentions, Set<Object> flawed) {
  /** Stands for every clause that could not be read. */
  static final ClauseId UNREAD = new ClauseId("0");

  /** The clause a part keeps: one that can be about such a part. */
  ClauseId clause(Keys keys, Clauses.Part part, String example) {
    Optional<Scalar> word = keys.required("clause", "clause: " + example).word();
    if (word.isPresent() && Clauses.of(part).contains(word.get().text())) {
      ClauseId clause = new ClauseId(word.get().text());
      mentions.add(clause, keys.name(), word.get());
      return clause;
    }
    word.ifPresent(other -> unfit(other, keys, part));
    mentions.addPossible(Clauses.of(part));
    return UNREAD;
  }

  private void unfit(Scalar word, Keys keys, Clauses.Part part) {
    Set<String> fitting = Clauses.of(part);
    if (Clauses.known().contains(word.text())) {
      problems.error(
          word,
          keys.name()
              + " names clause `"
              + word.text()
              + "` ("
              + Clauses.title(word.text())
              + "), which is not about a "
              + Vocabulary.word(part),
          "write "
              + (fitting.size() == 1 ? "" : "one of ")
              + "`clause: "
              + String.join("`, `", fitting)
              + "`");
    } else {
      problems.unknown(word, "clause", keys.name(), fitting);
    }
  }

  /** Notes that a part which names no clause itself keeps one by being there. */
  void keeps(String clause, Value part) {
    part.key().ifPresent(key -> mentions.add(new ClauseId(clause), part.what(), key));
  }

  /** The fields a list names, one by one or by category. */
  Set<FieldId> fields(Value list, Keys keys) {
    Set<FieldId> fields = new LinkedHashSet<>();
    for (Scalar word : list.words()) {
      Optional<Set<FieldId>> meant = declared.fieldsMeantBy(word.text());
      if (meant.isEmpty()) {
        // What follows from a name is looked at as if it were written as suggested.
        unknown(word, "field", keys, declared.fieldNames())
            .flatMap(declared::fieldsMeantBy)
            .ifPresent(fields::addAll);
      } else {
        if (!Collections.disjoint(fields, meant.get())) {
          problems.error(
              word,
              Quoted.of(word.text()) + " in " + keys.name() + " repeats what is listed before",
              "list the category or its fields, not both");
        }
        fields.addAll(meant.get());
      }
    }
    return fields;
  }

  /** Reports a list that is there and empty: left out it would mean all, or nothing at all. */
  void mustListSomething(Value list) {
    if (list.isEmptyCollection()) {
      problems.error(list.key(), list.what() + " lists nothing", "list at least one, or remove it");
    }
  }

  /** The ids a list names, each of which the policy must declare. */
  <I> Set<I> known(
      Value list, String kind, Keys keys, Map<I, Scalar> declaredIds, Function<String, I> make) {
    Set<I> ids = new LinkedHashSet<>();
    list.words().forEach(word -> known(word, kind, keys, declaredIds, make).ifPresent(ids::add));
    return ids;
  }

  /** The id a word names, which the policy must declare. */
  <I> Optional<I> known(
      Scalar word, String kind, Keys keys, Map<I, Scalar> declaredIds, Function<String, I> make) {
    Optional<I> id = Names.make(word.text(), make).filter(declaredIds::containsKey);
    return id.isPresent()
        ? id
        : unknown(word, kind, keys, declaredIds.values().stream().map(Scalar::text).toList())
            .flatMap(suggested -> Names.make(suggested, make));
  }

  /** Reports an unknown name, unless it was declared in a form that was told to be malformed. */
  private Optional<String> unknown(Scalar word, String kind, Keys keys, Collection<String> known) {
    return problems.isMalformed(word)
        ? Optional.empty()
        : problems.unknown(word, kind, keys.name(), known);
  }

  /** Reads every entry of a mapping of names; what has no well-formed name is left out. */
  <I, T> List<T> each(
      List<Entry> entries, String kind, Function<String, I> make, BiFunction<I, Keys, T> read) {
    List<T> parts = new ArrayList<>();
    for (Entry entry : entries) {
      Optional<I> id = Names.id(entry.key(), kind, make, problems);
      if (id.isPresent()) {
        int errors = problems.errors();
        Keys keys = Keys.under(entry, kind + " " + Quoted.of(id.get().toString()), problems);
        parts.add(read.apply(id.get(), keys));
        keys.finish();
        if (problems.errors() > errors) {
          flawed.add(id.get());
        }
      } else {
        mentions.addPossible(Clauses.known());
      }
    }
    return parts;
  }
}
