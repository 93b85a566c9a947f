package dev.pledge.policy.language;

import dev.pledge.policy.language.Problem.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The problems found so far. Keeps the first {@value #LIMIT}: nobody reads more, and hostile input
 * must not fill the memory.
 */
final class Problems {
  static final int LIMIT = 1_000;
  private static final int NAMES_LISTED = 12;

  private final List<Problem> found = new ArrayList<>();
  private final Set<String> malformed = new HashSet<>();
  private final List<Guess> guesses = new ArrayList<>();
  private int errors;

  /** How many errors were not told because they come of others. */
  private int untold;

  /** A name that is unknown, and one of that kind that was suggested in its place. */
  record Guess(Problem problem, String kind, String name, String suggested) {}

  void error(Place at, String excerpt, String message, String remedy) {
    errors++;
    add(Severity.ERROR, at, excerpt, message, remedy);
  }

  void error(Node.Scalar at, String message, String remedy) {
    error(at.place(), at.text(), message, remedy);
  }

  /** At a place that is read; where it could not be, that has been told. */
  void error(Optional<Node.Scalar> at, String message, String remedy) {
    at.ifPresent(place -> error(place, message, remedy));
  }

  void warning(Node.Scalar at, String message, String remedy) {
    add(Severity.WARNING, at.place(), at.text(), message, remedy);
  }

  /**
   * Reports a name that is not among {@code known}, suggesting the nearest.
   *
   * @return what was suggested
   */
  Optional<String> unknown(Node.Scalar name, String kind, String where, Collection<String> known) {
    if (isFull()) {
      errors++;
      return Optional.empty();
    }
    String text = name.text();
    String message = "unknown " + kind + " " + Quoted.of(text) + " in " + where;
    Optional<String> nearest = Nearest.to(text, known);
    String remedy =
        nearest.map(near -> "did you mean `" + near + "`?").orElseGet(() -> listed(kind, known));
    error(name, message, Names.remedy(text, remedy));
    nearest.ifPresent(near -> guesses.add(new Guess(found.getLast(), kind, text, near)));
    return nearest;
  }

  List<Guess> guesses() {
    return List.copyOf(guesses);
  }

  /** Reports one error in place of several that come of it. */
  void instead(List<Guess> several, Node.Scalar at, String message, String remedy) {
    found.removeAll(several.stream().map(Guess::problem).toList());
    malformed(several.stream().map(Guess::name).toList());
    error(at, message, remedy);
  }

  /** Names that are declared in a form which is told of where they are. */
  void malformed(Collection<String> names) {
    malformed.addAll(names);
  }

  /**
   * Whether a name is unknown because it was declared malformed; that is not told once more. Of
   * more names than problems are kept it is not looked at any longer, and taken to be so.
   */
  boolean isMalformed(Node.Scalar name) {
    boolean told =
        !malformed.isEmpty()
            && !isFull()
            && (untold >= LIMIT || Nearest.to(name.text(), malformed).isPresent());
    untold += told ? 1 : 0;
    errors += told ? 1 : 0;
    return told;
  }

  /** What was found so far. */
  List<Problem> soFar() {
    return List.copyOf(found);
  }

  /**
   * Adds what was found in the policy of a product, whose own terms stand in {@code file}. What was
   * told of the {@code general} terms is not told again; what is wrong with them by the product's
   * alone says so.
   *
   * @param cause the line of {@code file} that a problem elsewhere comes of
   */
  void addOfProduct(
      Problems ofProduct,
      List<Problem> general,
      String file,
      Function<Problem, OptionalInt> cause) {
    Set<Problem> misdeclared =
        ofProduct.guesses.stream()
            .filter(guess -> malformed.contains(guess.name()))
            .map(Guess::problem)
            .collect(Collectors.toSet());
    for (Problem problem : ofProduct.found) {
      boolean told = misdeclared.contains(problem) || general.stream().anyMatch(problem::isToldBy);
      if (!isFull() && !told) {
        found.add(
            problem.file().equals(file) ? problem : problem.becauseOf(file, cause.apply(problem)));
      }
    }
    errors += ofProduct.errors;
  }

  /** Whether no further problem would be kept. */
  boolean isFull() {
    return found.size() >= LIMIT;
  }

  boolean hasErrors() {
    return errors > 0;
  }

  /** How many errors there were, those that were not kept among them. */
  int errors() {
    return errors;
  }

  List<Problem> sorted() {
    return found.stream().sorted().distinct().toList();
  }

  private void add(Severity severity, Place at, String excerpt, String message, String remedy) {
    if (!isFull()) {
      found.add(
          new Problem(
              severity,
              at.source().file(),
              at.line(),
              at.column(),
              Quoted.excerpt(excerpt),
              message,
              remedy,
              at.source().line(at.line())));
    }
  }

  private static String listed(String kind, Collection<String> known) {
    if (known.isEmpty()) {
      return kind.equals("key") ? "remove it" : "the policy declares no " + kind;
    }
    if (known.size() == 1 && !kind.equals("key")) {
      return "write `" + known.iterator().next() + "`";
    }
    List<String> names = known.stream().sorted().limit(NAMES_LISTED).toList();
    String more = known.size() > names.size() ? " …" : "";
    return "use one of `" + String.join("`, `", names) + "`" + more;
  }
}
