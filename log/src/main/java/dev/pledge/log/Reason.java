package dev.pledge.log;

import java.util.Optional;

/**
 * Why something was refused, or done unasked.
 *
 * @param rule the rule of the decision that refused, such as {@code consent}, or the cause
 * @param reason what of the rule was not met, such as {@code consent-withdrawn}, where the rule
 *     alone does not say it
 * @param clause the clause of the policy, such as {@code V.2}
 */
public record Reason(String rule, Optional<String> reason, Optional<String> clause) {
  /** Throws {@link IllegalArgumentException} if a part is malformed. */
  public Reason {
    Grammar.requireName(rule, "rule");
    Grammar.requireName(reason, "reason");
    Grammar.requireClause(clause, "clause");
  }

  /** A rule that says it all, and its clause. */
  public static Reason of(String rule, String clause) {
    return new Reason(rule, Optional.empty(), Optional.of(clause));
  }
}
