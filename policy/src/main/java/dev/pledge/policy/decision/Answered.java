package dev.pledge.policy.decision;

import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision's verdicts with what they were made from; shared by {@link Permit} and {@link
 * Refusal}. For a collection {@code purposes} holds, per field, the index of the purpose that lets
 * it be stored.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Answered(
    CompiledPolicy policy, Resolved resolved, SubjectState state, byte[] verdicts, int[] purposes) {

  private static final int[] NO_PURPOSES = {};

  /** An answer whose verdicts are what is settled already, until it is decided. */
  static Answered yetToDecide(CompiledPolicy policy, Resolved resolved, SubjectState state) {
    int asked = resolved.fields().length;
    int[] purposes = NO_PURPOSES;
    if (resolved.question().act() == Act.COLLECT) {
      purposes = new int[asked];
      Arrays.fill(purposes, Declarations.UNDECLARED);
    }
    return new Answered(policy, resolved, state, resolved.settled().clone(), purposes);
  }

  /** Whether at least one field is not refused. */
  boolean opens() {
    for (byte verdict : verdicts) {
      if (!Verdict.refuses(verdict)) {
        return true;
      }
    }
    return false;
  }

  int purpose(int field) {
    return purposes.length == 0 ? resolved.purpose() : purposes[field];
  }

  /** Why a value with this origin may not be opened as the asked field, or null. */
  @Nullable Reason refusesValue(int field, ProductId product, Instant collectedAt) {
    Reason refused = Verdict.reason(verdicts[field]);
    return refused == null ? policy.refusesValue(this, field, product, collectedAt) : refused;
  }

  /** Adds the log entries of the authorisation to pool that such a value rests on. */
  void collectPooling(int field, ProductId product, Set<UUID> entries) {
    policy.collectPooling(this, field, product, entries);
  }

  List<UUID> reliedOn() {
    return policy.reliedOn(this);
  }
}
