package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Problems.Guess;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the category or field that is misspelt where it is declared: nothing names it, and several
 * places name what it nearly is. That is one mistake, told once where it was made.
 */
final class Misdeclared {
  /** How many places have to agree. */
  private static final int SEVERAL = 2;

  private final Declared declared;
  private final Problems problems;

  /** What is declared, as it is written to name it, and as others write it. */
  private record Renamed(String written, String meant) {}

  Misdeclared(Declared declared, Problems problems) {
    this.declared = declared;
    this.problems = problems;
  }

  void check() {
    Map<Renamed, List<Guess>> groups =
        problems.guesses().stream()
            .filter(guess -> declared.fieldNames().contains(guess.suggested()))
            .collect(
                Collectors.groupingBy(
                    Misdeclared::renamed, LinkedHashMap::new, Collectors.toList()));
    groups.forEach(
        (renamed, guesses) -> {
          if (guesses.size() >= SEVERAL) {
            place(renamed.written()).ifPresent(at -> check(at, renamed, guesses));
          }
        });
  }

  private void check(Scalar at, Renamed renamed, List<Guess> guesses) {
    boolean field = renamed.written().contains(".");
    String text = at.place().source().text();
    boolean namedWhole = field && wholly(text, category(renamed.written())) > 1;
    boolean likely = !namedWhole || guesses.size() > SEVERAL;
    if (mentions(text, renamed.written()) <= (field ? 0 : 1) && likely) {
      problems.instead(
          guesses,
          at,
          (field ? "field `" : "category `")
              + renamed.written()
              + "` is named nowhere, and "
              + Quoted.of(renamed.meant())
              + " in "
              + guesses.size()
              + " places",
          "did you mean `" + Quoted.excerpt(simple(renamed.meant())) + "`?");
    }
  }

  /** Of a field in a category of another name, it is the category that is misspelt. */
  private static Renamed renamed(Guess guess) {
    boolean field = guess.name().contains(".") && guess.suggested().contains(".");
    return field && simple(guess.name()).equals(simple(guess.suggested()))
        ? new Renamed(category(guess.suggested()), category(guess.name()))
        : new Renamed(guess.suggested(), guess.name());
  }

  private static String simple(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  private static String category(String name) {
    return name.substring(0, name.indexOf('.'));
  }

  private Optional<Scalar> place(String name) {
    Optional<Scalar> category =
        Names.make(name, CategoryId::new)
            .flatMap(id -> Optional.ofNullable(declared.categoryNames().get(id)));
    return category.or(
        () ->
            Names.make(name, FieldId::of)
                .flatMap(id -> Optional.ofNullable(declared.fields().get(id))));
  }

  /** How often a category is named as a whole, its declaration included. */
  private static int wholly(String text, String category) {
    return (int)
        Pattern.compile("(?<![\\p{L}\\p{N}-])" + Pattern.quote(category) + "(?![\\p{L}\\p{N}.-])")
            .matcher(text)
            .results()
            .count();
  }

  /** How often a name stands in a text by itself. */
  private static int mentions(String text, String name) {
    int mentions = 0;
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length())) {
      int end = at + name.length();
      boolean own = at == 0 || !isOfName(text.charAt(at - 1));
      mentions += own && (end == text.length() || !isOfName(text.charAt(end))) ? 1 : 0;
    }
    return mentions;
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '-';
  }
}
