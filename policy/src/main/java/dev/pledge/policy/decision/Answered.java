package dev.pledge.policy.decision;

import java.util.List;
import java.util.UUID;

/**
 * A decision's verdicts with what they were made from; shared by {@link Permit} and {@link
 * Refusal}. For a collection {@code purposes} holds, per field, the index of the purpose that lets
 * it be stored.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Answered(
    CompiledPolicy policy, Resolved resolved, SubjectState state, byte[] verdicts, int[] purposes) {

  int purpose(int field) {
    return purposes.length == 0 ? resolved.purpose() : purposes[field];
  }

  List<UUID> reliedOn() {
    return policy.reliedOn(this);
  }
}
