package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A decision that opens no field at all. An ordinary value, not an error. */
public final class Refusal implements Decision {
  private final Answered answered;

  Refusal(Answered answered) {
    this.answered = answered;
  }

  /** The first reason given: that of the whole question, or of the first asked field. */
  public Reason first() {
    Reason whole = answered.resolved().refused();
    if (whole != null) {
      return whole;
    }
    Reason reason = answered.verdicts().length == 0 ? null : reason(0);
    return reason == null ? Reason.NOT_LISTED : reason;
  }

  @Override
  public Question question() {
    return answered.resolved().question();
  }

  @Override
  public SubjectState state() {
    return answered.state();
  }

  @Override
  public PolicyVersion policy() {
    return answered.policy().version();
  }

  @Override
  public @Nullable View view(int field) {
    return Verdict.view(answered.verdicts()[field]);
  }

  @Override
  public @Nullable Reason reason(int field) {
    return Verdict.reason(answered.verdicts()[field]);
  }

  @Override
  public ClauseId clause(int field, Reason reason) {
    return answered.policy().clause(answered, field, reason);
  }

  @Override
  public @Nullable FieldId field(int field) {
    return answered.policy().field(answered.resolved().fields()[field]);
  }

  @Override
  public @Nullable PurposeId purpose(int field) {
    return null;
  }

  @Override
  public List<UUID> reliedOn() {
    return answered.reliedOn();
  }
}
