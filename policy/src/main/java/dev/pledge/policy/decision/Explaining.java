package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is told of a decision beside its verdicts: the clause a refusal keeps, and the log entries
 * of the person's choices it rests on.
 */
final class Explaining {
  /** What no purpose uses is not collected. */
  private static final ClauseId UNRELATED = new ClauseId("IV.4");

  private final Declarations declared;
  private final Rights rights;
  private final ConsentRules consents;
  private final Recipients recipients;

  Explaining(Declarations declared, Rights rights, ConsentRules consents, Recipients recipients) {
    this.declared = declared;
    this.rights = rights;
    this.consents = consents;
    this.recipients = recipients;
  }

  /**
   * The clause a reason keeps: the policy's own where the purpose, category or recipient gives a
   * closer one.
   */
  ClauseId clause(Answered answered, int asked, Reason reason) {
    Resolved resolved = answered.resolved();
    int field = resolved.fields()[asked];
    if (reason == Reason.CONDITION_MISSING && field != UNDECLARED) {
      return declared.categoryOf(field).clause();
    }
    if (reason == Reason.NOT_LISTED && resolved.question().act() == Act.COLLECT) {
      return UNRELATED;
    }
    if (reason == Reason.CONSENT_MISSING && resolved.purpose() != UNDECLARED) {
      return declared.purpose(resolved.purpose()).clause();
    }
    if (reason == Reason.PURPOSE_NOT_SHARED || reason == Reason.FIELD_NOT_SHARED) {
      return recipients.clause(resolved.recipient());
    }
    return new ClauseId(reason.clause());
  }

  List<UUID> reliedOn(Answered answered) {
    Resolved resolved = answered.resolved();
    if (resolved.refused() != null || rights.isExercisedBy(resolved.question())) {
      return List.of();
    }
    Set<UUID> entries = new LinkedHashSet<>();
    for (int i = 0; i < answered.verdicts().length; i++) {
      int purpose = answered.purpose(i);
      int field = resolved.fields()[i];
      if (field != UNDECLARED && purpose != UNDECLARED) {
        collectEntries(answered, purpose, field, entries);
      }
    }
    return List.copyOf(entries);
  }

  private void collectEntries(Answered answered, int purpose, int field, Set<UUID> entries) {
    Resolved resolved = answered.resolved();
    ProductId product = declared.product(resolved.product());
    for (ChannelId channel : declared.channelsOf(resolved.question(), purpose, field)) {
      consents.collectEntries(purpose, field, product, channel, answered.state(), entries);
    }
  }
}
