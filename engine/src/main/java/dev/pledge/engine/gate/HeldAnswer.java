package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of asking for what a legal hold has set aside. */
public sealed interface HeldAnswer {

  /**
   * A page of what went while the hold was on it, in order of collection. Prints without values.
   *
   * @param reference of the order behind the hold
   * @param next where the next page begins; empty at the end
   */
  record Opened(
      LegalHold hold,
      String reference,
      View view,
      List<Held> values,
      Optional<String> next,
      Receipt receipt)
      implements HeldAnswer {
    public Opened {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return "Opened[[redacted]]";
    }
  }

  /** A value as it was. */
  record Held(
      FieldId field,
      ProductId product,
      SourceId source,
      Instant collectedAt,
      @Nullable Instant observedAt,
      Object json) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /** There is no such hold in force. */
  record Unknown(Receipt receipt) implements HeldAnswer {}

  /** It is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements HeldAnswer {}
}
