package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.util.Optional;

/**
 * One thing that a person decides about the use of their data by a product (V.2): a purpose, over
 * one of its channels, for ordinary or for sensitive data.
 *
 * @param purpose its name, or {@link CompiledPolicy#POOLING}
 * @param channel empty where the purpose has none
 * @param coverage never {@link Coverage#ALL}
 * @param control what it is without an answer
 * @param position what the answers so far amount to
 */
public record Switch(
    String purpose,
    ClauseId clause,
    ProductId product,
    Optional<ChannelId> channel,
    Coverage coverage,
    Control control,
    Position position) {

  /** What the person's answers, and for a child the guardian's, amount to. */
  public enum Position {
    /** Agreed to. */
    GRANTED,
    /** Nobody has said anything: on where the control is to refuse, off where it is to agree. */
    UNANSWERED,
    /** Agreed to before the policy changed what it means: off until it is agreed to again. */
    LAPSED,
    /** Refused, or taken back. */
    REFUSED
  }

  /** Whether the data may be used so far as the switch goes. */
  public boolean isOn() {
    return position == Position.GRANTED
        || (position == Position.UNANSWERED && control == Control.OPT_OUT);
  }
}
