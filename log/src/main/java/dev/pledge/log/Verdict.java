package dev.pledge.log;

import java.util.Comparator;
import java.util.Optional;

/**
 * What was decided about a field, for one or more of its values. A field whose values fared
 * differently (some of an event series past their retention) has several verdicts.
 *
 * <p>A malformed name or a negative count throws {@link IllegalArgumentException}.
 */
public sealed interface Verdict {
  /** By field, granted before withheld, then by the texts in the order of the components. */
  Comparator<Verdict> ORDER = Comparator.comparing(Verdict::field).thenComparing(Verdict::rest);

  /** The field, {@code category.field}, as the policy names it. */
  String field();

  /** How many values it was decided for; 0 where the field held none. */
  int count();

  private static String rest(Verdict verdict) {
    return switch (verdict) {
      case Granted g -> joined("1", g.view.orElse(""), g.purpose.orElse(""), g.clause.orElse(""));
      case Withheld w ->
          joined("2", w.why.rule(), w.why.reason().orElse(""), w.why.clause().orElse(""));
    };
  }

  // NUL sorts before every character of a name, so the texts compare one after the other.
  private static String joined(String... texts) {
    return String.join("\0", texts);
  }

  private static void require(String field, int count) {
    Grammar.requireField(field, "field name");
    if (count < 0) {
      throw new IllegalArgumentException("a count cannot be negative");
    }
  }

  /**
   * The field was opened, stored, handed over or deleted.
   *
   * @param view how clearly it was seen, such as {@code masked}; empty where nobody saw it
   * @param purpose the purpose that admits the field, where the entry names none for all of them
   * @param clause the clause it rests on, where one is named
   */
  record Granted(
      String field,
      Optional<String> view,
      Optional<String> purpose,
      Optional<String> clause,
      int count)
      implements Verdict {
    /** Checks the names. */
    public Granted {
      require(field, count);
      Grammar.requireName(view, "view");
      Grammar.requireName(purpose, "purpose");
      Grammar.requireClause(clause, "clause");
    }
  }

  /** The field was not. */
  record Withheld(String field, Reason why, int count) implements Verdict {
    /** Checks the names. */
    public Withheld {
      require(field, count);
    }
  }
}
