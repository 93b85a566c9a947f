package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
import org.jspecify.annotations.Nullable;

/**
 * Decides a use of stored values for one purpose: per field, the first refusal of rules {@code
 * DECLARED}, {@code STANDING}, {@code ACCEPTANCE}, {@code GUARDIAN}, {@code PURPOSE} and {@code
 * CONSENT}, or else what rule {@code VIEW} leaves to be seen.
 */
final class Using {
  private final Declarations declared;
  private final AccountRules accounts;
  private final ConsentRules consents;

  Using(Declarations declared, AccountRules accounts, ConsentRules consents) {
    this.declared = declared;
    this.accounts = accounts;
    this.consents = consents;
  }

  void decide(Answered answered, boolean accepted) {
    Resolved resolved = answered.resolved();
    SubjectState state = answered.state();
    Question question = resolved.question();
    int purpose = resolved.purpose();
    ProductId product = declared.product(resolved.product());
    ChannelId channel = declared.channelOf(question, purpose);
    Reason early = accounts.refuses(purpose, product, state, accepted);
    early = early != null ? early : consents.guardian(purpose, product, channel, state);
    Reason late =
        early != null ? null : consents.consent(purpose, product, channel, question, state);
    byte[] verdicts = answered.verdicts();
    boolean waits = false;
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = beforeExplicitConsent(resolved, i, early, late);
      waits |=
          verdicts[i] == Verdict.NONE
              && consents.waitsForExplicitConsent(purpose, resolved.fields()[i], state);
    }
    Reason explicit = waits ? consents.explicitConsent(purpose, product, channel, state) : null;
    if (explicit != null) {
      refuseSensitive(answered, explicit);
    }
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = verdicts[i] == Verdict.NONE ? resolved.last()[i] : verdicts[i];
    }
  }

  private byte beforeExplicitConsent(
      Resolved resolved, int asked, @Nullable Reason early, @Nullable Reason late) {
    byte first = resolved.first()[asked];
    if (first != Verdict.NONE) {
      return first;
    }
    if (early != null) {
      return Verdict.of(early);
    }
    byte listed = resolved.listed()[asked];
    if (listed != Verdict.NONE) {
      return listed;
    }
    if (late != null) {
      return Verdict.of(late);
    }
    return isOutsideOrder(resolved, asked) ? Verdict.of(Reason.NOT_IN_ORDER) : Verdict.NONE;
  }

  private boolean isOutsideOrder(Resolved resolved, int asked) {
    Purpose purpose = declared.purpose(resolved.purpose());
    Policy.Field field = declared.field(resolved.fields()[asked]);
    return declared.keeps(Rule.CONSENT)
        && ExceptionalUse.isOutsideOrder(purpose, resolved.question(), field.id());
  }

  private void refuseSensitive(Answered answered, Reason reason) {
    Resolved resolved = answered.resolved();
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      int field = resolved.fields()[i];
      if (verdicts[i] == Verdict.NONE
          && consents.waitsForExplicitConsent(resolved.purpose(), field, answered.state())) {
        verdicts[i] = Verdict.of(reason);
      }
    }
  }
}
