package dev.pledge.policy.language;

import dev.pledge.policy.decision.Term;
import java.time.Period;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long the law lets something take at most, or has it kept at least. Data with sources in
 * {@code clocks.txt}; not legal advice, and never complete.
 *
 * @param duty what the clock is for: part and key of a policy, such as {@code incidents.regulator}
 * @param starts what starts it
 * @param bound whether a promise may be shorter or longer than the term
 * @param term the term; where the law says "at once" and gives no figure, the longest that is taken
 *     for it here, if any
 * @param atOnce whether the law says "at once"
 * @param extension how much longer it may take in difficult cases; empty if no longer
 * @param when the case in which alone the clock runs; empty if it always does
 */
record Clock(
    String duty,
    String starts,
    Bound bound,
    Optional<Term> term,
    boolean atOnce,
    Optional<Term> extension,
    Optional<String> when,
    String source) {
  static final String FILE = "clocks.txt";
  static final String AT_ONCE = "at-once";
  private static final String NONE = "-";

  /** Which way a promise may differ from the law. */
  enum Bound {
    /** A promise may be shorter. */
    MAX,
    /** A promise may be longer. */
    MIN
  }

  /** All clocks, by jurisdiction. */
  static Map<String, List<Clock>> all() {
    return Table.rows(Table.class, FILE).stream()
        .collect(
            Collectors.groupingBy(
                List::getFirst, Collectors.mapping(Clock::of, Collectors.toUnmodifiableList())));
  }

  /** The term of a clock in days or months, as a retention is written. */
  Period period() {
    return Period.parse(term.orElseThrow().toString());
  }

  private static Clock of(List<String> row) {
    return new Clock(
        row.get(1),
        row.get(2),
        Bound.valueOf(row.get(3).toUpperCase(Locale.ROOT)),
        term(row.get(4).replace(AT_ONCE + " ", ""), AT_ONCE),
        row.get(4).startsWith(AT_ONCE),
        term(row.get(5), NONE),
        Optional.of(row.get(6)).filter(when -> !when.equals(NONE)),
        row.get(7));
  }

  /** A term that cannot be read would be a duty forgotten. */
  private static Optional<Term> term(String text, String none) {
    return text.equals(none)
        ? Optional.empty()
        : Optional.of(
            Term.of(text)
                .orElseThrow(
                    () -> new IllegalStateException("`" + text + "` in " + FILE + " is no term")));
  }
}
