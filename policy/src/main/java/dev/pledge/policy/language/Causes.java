package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds which part of a product's own terms a problem with the general ones comes of: the one
 * without which there is no such problem.
 */
final class Causes {
  /** How many parts are tried: each time all that counts for the product is read once more. */
  private static final int MOST_TRIED = 20;

  private final Mapping general;
  private final Declared declared;
  private int tried;

  /** A purpose, a role, a line of the retention …: its line, and the terms without it. */
  private record Part(int line, Supplier<Mapping> rest) {}

  Causes(Mapping general, Declared declared) {
    this.general = general;
    this.declared = declared;
  }

  /**
   * Of a problem in all that counts for the product, the line in its {@code own} terms; empty where
   * no part by itself is the cause, or it was not found soon.
   */
  Function<Problem, OptionalInt> in(Mapping own, ProductId product) {
    List<Part> parts =
        own.entries().stream().flatMap(entry -> parts(own, entry)).limit(MOST_TRIED).toList();
    List<List<Problem>> without = new ArrayList<>();
    return problem -> {
      for (int i = 0; i < parts.size(); i++) {
        if (i == without.size()) {
          if (tried++ >= MOST_TRIED) {
            break;
          }
          without.add(problems(parts.get(i).rest().get(), product));
        }
        if (without.get(i).stream().noneMatch(problem::isToldBy)) {
          return OptionalInt.of(parts.get(i).line());
        }
      }
      return OptionalInt.empty();
    };
  }

  private List<Problem> problems(Mapping own, ProductId product) {
    Problems problems = new Problems();
    Mapping merged = OwnTerms.over(general, declared, own, product, new Problems());
    PolicyReader.read(merged, problems);
    return problems.soFar();
  }

  private static Stream<Part> parts(Mapping own, Entry entry) {
    int line = entry.key().place().line();
    return switch (entry.value()) {
      case Mapping named ->
          named.entries().stream()
              .map(
                  part ->
                      new Part(
                          part.key().place().line(),
                          () ->
                              replaced(
                                  own,
                                  entry,
                                  new Mapping(named.place(), without(named.entries(), part)))));
      case Sequence lines ->
          lines.items().stream()
              .map(
                  part ->
                      new Part(
                          part.place().line(),
                          () ->
                              replaced(
                                  own,
                                  entry,
                                  new Sequence(lines.place(), without(lines.items(), part)))));
      case Node.Scalar _ ->
          Stream.of(new Part(line, () -> new Mapping(own.place(), without(own.entries(), entry))));
    };
  }

  private static Mapping replaced(Mapping own, Entry entry, Node value) {
    return new Mapping(
        own.place(),
        own.entries().stream()
            .map(each -> each.key().equals(entry.key()) ? new Entry(entry.key(), value) : each)
            .toList());
  }

  private static <T> List<T> without(List<T> parts, T part) {
    return parts.stream().filter(each -> !each.equals(part)).toList();
  }
}
