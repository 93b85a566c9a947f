package dev.pledge.engine.oversight;

import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.names.ActorId;
import java.time.Instant;
import java.util.UUID;

/**
 * An approval that was given.
 *
 * @param id its own, which no log entry has in the open
 * @param reference of the order behind it, sealed under the person's key
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record NewApproval(
    UUID id, Approval approval, ActorId approver, byte[] reference, Instant createdAt) {
  @Override
  public String toString() {
    return "NewApproval[" + id + "]";
  }
}
