package dev.pledge.engine.gate;

import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.names.ActorId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An approval of a legal exception to be given (II.I.7). Names are as the caller wrote them.
 *
 * @param reference of the order behind it; sealed under the person's key, and in the log
 * @param asker the actor it is for
 * @param until when it ends; null for {@link Approval#USUAL} from now
 */
public record ApprovalRequest(
    String purpose,
    String product,
    String reference,
    List<String> fields,
    ActorId asker,
    @Nullable Instant until) {
  private static final int LONGEST_REFERENCE = 400;

  public ApprovalRequest {
    fields = List.copyOf(fields);
    ReadRequest.requireText(reference, "reference", LONGEST_REFERENCE);
    ReadRequest.requireFields(fields);
  }

  @Override
  public String toString() {
    return "ApprovalRequest[" + asker + ", [redacted]]";
  }
}
