package dev.pledge.log;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

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

  /** How it was asked for; empty where it was asked for like any other. */
  Set<Asked> asked();

  /** What the caller asked beyond seeing the field. */
  enum Asked {
    /** To see it in clear, under a role's right to reveal. */
    IN_CLEAR(1),
    /** Because the reference of a legal exception names it (II.I.7). */
    BY_REFERENCE(2);

    private final int bit;

    Asked(int bit) {
      this.bit = bit;
    }

    static int bits(Set<Asked> asked) {
      return asked.stream().mapToInt(each -> each.bit).sum();
    }

    static Set<Asked> of(int bits) {
      Set<Asked> asked = EnumSet.noneOf(Asked.class);
      for (Asked each : values()) {
        if ((bits & each.bit) != 0) {
          asked.add(each);
        }
      }
      if (bits(asked) != bits) {
        throw new IllegalArgumentException("unknown way of asking");
      }
      return asked;
    }
  }

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
   * @param view how clearly it was seen, such as {@code de-identified}; empty where nobody saw it
   * @param purpose the purpose that admits the field, where the entry names none for all of them
   * @param clause the clause it rests on, where one is named
   */
  record Granted(
      String field,
      Optional<String> view,
      Optional<String> purpose,
      Optional<String> clause,
      int count,
      Set<Asked> asked)
      implements Verdict {
    /** Checks the names. */
    public Granted {
      require(field, count);
      Grammar.requireName(view, "view");
      Grammar.requireName(purpose, "purpose");
      Grammar.requireClause(clause, "clause");
      asked = Set.copyOf(asked);
    }

    /** Asked for like any other. */
    public Granted(
        String field,
        Optional<String> view,
        Optional<String> purpose,
        Optional<String> clause,
        int count) {
      this(field, view, purpose, clause, count, Set.of());
    }
  }

  /** The field was not. */
  record Withheld(String field, Reason why, int count, Set<Asked> asked) implements Verdict {
    /** Checks the names. */
    public Withheld {
      require(field, count);
      asked = Set.copyOf(asked);
    }

    /** Asked for like any other. */
    public Withheld(String field, Reason why, int count) {
      this(field, why, count, Set.of());
    }
  }
}
