package dev.pledge.policy.decision;

import java.time.Instant;
import java.time.Period;
import java.util.List;

/**
 * A legal hold, asked to be placed: for which purpose that the law allows without asking, on what
 * about one person, until when (II.I.7, II.II.3). Names are as the caller wrote them.
 *
 * @param fields what is kept; everything that the purpose uses if it names nothing
 * @param until when it ends by itself, by the database's clock
 */
public record HoldTerms(String purpose, String product, List<String> fields, Instant until) {
  /** The longest a hold runs; it can be placed again. */
  public static final Period LONGEST = Period.ofYears(5);

  public HoldTerms {
    fields = List.copyOf(fields);
  }
}
