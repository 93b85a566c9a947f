package dev.pledge.engine.gate;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import org.jspecify.annotations.Nullable;

/**
 * A choice to be recorded, in names as the caller wrote them.
 *
 * @param purpose a purpose, or {@code pooling}
 * @param product null for all products, which only a withdrawal may mean
 * @param channel null for all channels, or where the purpose has none
 */
public record ConsentChange(
    String purpose,
    Answer answer,
    @Nullable String product,
    @Nullable String channel,
    Coverage coverage,
    By by,
    Evidence evidence) {

  /**
   * A choice that does not say which data it is about: a grant means no more than ordinary data, a
   * withdrawal means all (V.2).
   */
  public static ConsentChange of(
      String purpose,
      Answer answer,
      @Nullable String product,
      @Nullable String channel,
      By by,
      Evidence evidence) {
    Coverage coverage =
        switch (answer) {
          case GRANTED -> Coverage.ORDINARY;
          case WITHDRAWN -> Coverage.ALL;
        };
    return new ConsentChange(purpose, answer, product, channel, coverage, by, evidence);
  }

  /** The same choice about these data. */
  public ConsentChange about(Coverage data) {
    return new ConsentChange(purpose, answer, product, channel, data, by, evidence);
  }

  /** The same choice as a child makes it: what they say yes to themselves is no grant (VI.1). */
  ConsentChange byAChild() {
    return by == By.SELF && answer == Answer.GRANTED
        ? new ConsentChange(purpose, answer, product, channel, coverage, By.CHILD, evidence)
        : this;
  }

  /** Nothing that the caller wrote. */
  @Override
  public String toString() {
    return "ConsentChange[" + answer + ", [redacted]]";
  }
}
