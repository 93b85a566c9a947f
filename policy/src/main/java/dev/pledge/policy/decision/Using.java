package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Choices.Standing;
import dev.pledge.policy.decision.Choices.Standings;
import dev.pledge.policy.names.ProductId;

/**
 * Decides a use of stored values for one purpose: per field, the first refusal of rules {@code
 * DECLARED}, {@code STANDING}, {@code ACCEPTANCE}, {@code GUARDIAN}, {@code PURPOSE} and {@code
 * CONSENT}, for a hand-over of rule {@code CONDITIONS}, or else what rule {@code VIEW} leaves to be
 * seen.
 */
final class Using {
  private final Declarations declared;
  private final AccountRules accounts;
  private final ConsentRules consents;
  private final Recipients recipients;

  Using(
      Declarations declared, AccountRules accounts, ConsentRules consents, Recipients recipients) {
    this.declared = declared;
    this.accounts = accounts;
    this.consents = consents;
    this.recipients = recipients;
  }

  void decide(Answered answered, boolean accepted) {
    Resolved resolved = answered.resolved();
    SubjectState state = answered.state();
    int purpose = resolved.purpose();
    ProductId product = declared.product(resolved.product());
    Reason refused = accounts.refuses(purpose, product, state, accepted);
    if (refused != null) {
      refuseAll(answered, refused);
      return;
    }
    boolean asked = resolved.sensitive().length > 0 || sharesByConsent(resolved);
    Standings said = consents.said(purpose, asked, product, resolved.channel(), state);
    refused = consents.guardian(purpose, said, state);
    if (refused == null) {
      refused = consents.consent(purpose, said, resolved.question(), state);
    }
    if (refused != null) {
      refuseAll(answered, refused);
      return;
    }
    askForSensitive(answered, said);
    if (resolved.recipient() != Declarations.UNDECLARED) {
      handOver(answered, said);
    }
  }

  private static void refuseAll(Answered answered, Reason refused) {
    byte verdict = Verdict.of(refused);
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = Verdict.stricter(verdict, verdicts[i]);
    }
  }

  /** Rule CONDITIONS as far as the clock and the person matter. */
  private void handOver(Answered answered, Standings said) {
    Resolved resolved = answered.resolved();
    if (!declared.keeps(Rule.CONDITIONS)) {
      return;
    }
    Reason refused = recipients.receivesNothing(resolved, answered.state().now());
    if (refused == null && sharesByConsent(resolved) && said.ordinary() != Standing.GRANTED) {
      refused = Reason.SHARING_NOT_AGREED;
    }
    if (refused != null) {
      restrictAll(answered.verdicts(), Verdict.of(refused));
    }
  }

  private boolean sharesByConsent(Resolved resolved) {
    return resolved.recipient() != Declarations.UNDECLARED
        && recipients.waitsForConsent(resolved.recipient());
  }

  private static void restrictAll(byte[] verdicts, byte verdict) {
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = Verdict.stricter(verdicts[i], verdict);
    }
  }

  /** What is refused by an earlier rule stays so, and what is undeclared. */
  private void askForSensitive(Answered answered, Standings said) {
    Resolved resolved = answered.resolved();
    boolean all = consents.everyFieldWaits(resolved.purpose(), answered.state());
    if (!all && resolved.sensitive().length == 0) {
      return;
    }
    Reason refused = consents.explicitConsent(said);
    if (refused == null) {
      return;
    }
    byte verdict = Verdict.of(refused);
    byte[] verdicts = answered.verdicts();
    if (all) {
      restrictAll(verdicts, verdict);
      return;
    }
    for (int i : resolved.sensitive()) {
      verdicts[i] = Verdict.stricter(verdicts[i], verdict);
    }
  }
}
