package dev.pledge.engine.gate;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of closing the account of one product (V.3).
 *
 * @param outcome whether it is closed
 * @param unmet the conditions that the product has not asserted, if that is why it is not
 * @param left what is still held of the person once it is
 */
public record Closed(Outcome outcome, List<ConditionId> unmet, List<Left> left) {
  public Closed {
    unmet = List.copyOf(unmet);
    left = List.copyOf(left);
  }

  /** Why something is still held. */
  public enum Why {
    /** The law orders it to be kept. */
    LAW,
    /** Another product of the person's holds it, or all of them together. */
    OTHER_PRODUCT,
    /** It goes when its time is over, and is used for nothing until then. */
    GOES
  }

  /**
   * What is still held: the values of a field that one product collected.
   *
   * @param purpose the one that the law orders, where it is a purpose
   * @param clause that speaks of it
   * @param until when the last of it goes, if nothing happens before; empty where no term runs yet
   */
  public record Left(
      FieldId field,
      ProductId product,
      Why why,
      Optional<PurposeId> purpose,
      ClauseId clause,
      Optional<Instant> until) {}
}
