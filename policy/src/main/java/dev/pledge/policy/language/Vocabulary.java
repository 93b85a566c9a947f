package dev.pledge.policy.language;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The closed list of words one key takes, and what each means. */
record Vocabulary<E>(String kind, Map<String, E> words) {

  /** The constants of an enum under the words they carry. */
  static <E extends Enum<E>> Vocabulary<E> of(
      String kind, E[] constants, Function<E, String> word) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(word.apply(constant), constant);
    }
    return new Vocabulary<>(kind, words);
  }

  /** The constants of an enum under their own names, in lower case with hyphens. */
  static <E extends Enum<E>> Vocabulary<E> of(String kind, E[] constants) {
    return of(kind, constants, Vocabulary::word);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
