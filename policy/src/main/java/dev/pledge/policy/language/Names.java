package dev.pledge.policy.language;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The names an author gives, made into ids. */
final class Names {
  private Names() {}

  /** The id {@code name} stands for, or empty after reporting that it is malformed. */
  static <I> Optional<I> id(
      Node.Scalar name, String kind, Function<String, I> make, Problems problems) {
    Optional<I> id = make(name.text(), make);
    if (id.isEmpty()) {
      String form = "use lower-case letters, digits and single hyphens, starting with a letter";
      problems.error(
          name,
          "malformed name " + Quoted.of(name.text()) + " of a " + kind,
          remedy(name.text(), form));
    }
    return id;
  }

  /** Whether {@code make} accepts the name. */
  static <I> Optional<I> make(String name, Function<String, I> make) {
    try {
      return Optional.of(make.apply(name));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /**
   * The remedy for a misspelt word, told first where a character only looks as if it were ASCII.
   */
  static String remedy(String word, String remedy) {
    return foreignCharacter(word).map(c -> c + "; " + remedy).orElse(remedy);
  }

  private static Optional<String> foreignCharacter(String name) {
    return name.codePoints()
        .filter(point -> point > 0x7E)
        .mapToObj(
            point ->
                String.format(
                    Locale.ROOT,
                    "`%s` is U+%04X %s, not an ASCII character",
                    Quoted.visible(point),
                    point,
                    Character.getName(point)))
        .findFirst();
  }
}
