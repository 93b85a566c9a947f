package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Problems.Guess;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the name that is misspelt where it is declared: nothing uses it, and several places use
 * what it nearly is. That is one mistake, told once where it was made.
 */
final class Misdeclared {
  /** How many places have to agree. */
  private static final int SEVERAL = 2;

  private static final String FIELD = "field";
  private static final String CATEGORY = "category";

  /** Names that are there without being declared. */
  private static final Set<String> GIVEN =
      Set.of(CompiledPolicy.GENERAL, ControlGraph.CONTROLLER.value());

  private final Declared declared;
  private final Problems problems;

  /** What is declared, as it is written to name it, and as others write it. */
  private record Renamed(String kind, String written, String meant) {}

  Misdeclared(Declared declared, Problems problems) {
    this.declared = declared;
    this.problems = problems;
  }

  void check() {
    Map<Renamed, List<Guess>> groups =
        problems.guesses().stream()
            .collect(
                Collectors.groupingBy(
                    Misdeclared::renamed, LinkedHashMap::new, Collectors.toList()));
    groups.forEach(
        (renamed, guesses) -> {
          if (guesses.size() >= SEVERAL) {
            place(renamed).ifPresent(at -> check(at, renamed, guesses));
          }
        });
  }

  private void check(Scalar at, Renamed renamed, List<Guess> guesses) {
    String text = at.place().source().text();
    boolean field = renamed.kind().equals(FIELD);
    // A field is declared without the category by which it is named.
    int declaring = field ? 0 : 1;
    boolean namedWhole = field && wholly(text, category(renamed.written())) > 1;
    boolean likely = !namedWhole || guesses.size() > SEVERAL;
    if (mentions(text, renamed.written()) <= declaring && likely) {
      problems.instead(
          guesses,
          at,
          renamed.kind()
              + " `"
              + renamed.written()
              + "` is named nowhere, and "
              + Quoted.of(renamed.meant())
              + " in "
              + guesses.size()
              + " places",
          "did you mean `" + Quoted.excerpt(simple(renamed.meant())) + "`?");
    }
  }

  private static Renamed renamed(Guess guess) {
    String written = guess.suggested();
    String meant = guess.name();
    if (!guess.kind().equals(FIELD)) {
      return new Renamed(guess.kind(), written, meant);
    }
    if (!written.contains(".")) {
      return new Renamed(CATEGORY, written, meant);
    }
    // Of a field in a category of another name, it is the category that is misspelt.
    return meant.contains(".") && simple(written).equals(simple(meant))
        ? new Renamed(CATEGORY, category(written), category(meant))
        : new Renamed(FIELD, written, meant);
  }

  private static String simple(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  private static String category(String name) {
    return name.substring(0, name.indexOf('.'));
  }

  private Optional<Scalar> place(Renamed renamed) {
    String name = renamed.written();
    return switch (renamed.kind()) {
      case FIELD -> place(name, FieldId::of, declared.fields());
      case CATEGORY -> place(name, CategoryId::new, declared.categoryNames());
      case "purpose" -> place(name, PurposeId::new, declared.purposes());
      case "role" -> place(name, RoleId::new, declared.roles());
      case "undertaking" -> place(name, UndertakingId::new, declared.undertakings());
      case "condition" -> place(name, ConditionId::new, declared.conditions());
      case "company" -> place(name, CompanyId::new, declared.companies());
      case "product" -> place(name, ProductId::new, declared.products());
      default -> Optional.empty(); // a word of the language, which nobody declares
    };
  }

  private static <I> Optional<Scalar> place(
      String name, Function<String, I> make, Map<I, Scalar> places) {
    return Names.make(name, make)
        .filter(_ -> !GIVEN.contains(name))
        .flatMap(id -> Optional.ofNullable(places.get(id)));
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
