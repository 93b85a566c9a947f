package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Question} about one person: for each asked field, in the order asked,
 * either a view or the reason it is refused. A decision opens nothing by itself; only a {@link
 * Permit}, inside the gate, does.
 */
public sealed interface Decision permits Permit, Refusal {

  /** The question that was decided. */
  Question question();

  /** The state it was decided on. */
  SubjectState state();

  /** The policy version that decided. */
  PolicyVersion policy();

  /**
   * Why the question is refused whatever the person and the fields (rules {@code DECLARED} and
   * {@code NEED_TO_KNOW}), or null.
   */
  @Nullable Reason whole();

  /**
   * How clearly the asked field may be seen (or that it may be stored), or null if it is refused.
   */
  @Nullable View view(int field);

  /** Why the asked field is refused, or null if it is not. */
  @Nullable Reason reason(int field);

  /**
   * The clause that {@code reason} keeps for the asked field: the policy's own where it has one.
   */
  ClauseId clause(int field, Reason reason);

  /** The asked field if the policy declares it, or null: an undeclared name is never repeated. */
  @Nullable FieldId field(int field);

  /** The purpose that lets the field be stored or read, or null where it is refused. */
  @Nullable PurposeId purpose(int field);

  /** The log entries of the person's choices that the decision rests on. */
  List<UUID> reliedOn();
}
