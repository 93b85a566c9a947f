package dev.pledge.policy.decision;

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
    if (refused == null) {
      refused = consents.guardian(purpose, product, resolved.channel(), state);
    }
    if (refused == null) {
      refused = consents.consent(purpose, product, resolved.channel(), resolved.question(), state);
    }
    byte[] settled = resolved.settled();
    byte[] verdicts = answered.verdicts();
    if (refused == null) {
      System.arraycopy(settled, 0, verdicts, 0, settled.length);
      askForSensitive(answered, product);
      if (resolved.recipient() != Declarations.UNDECLARED) {
        handOver(answered, product);
      }
      return;
    }
    byte verdict = Verdict.of(refused);
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = Verdict.stricter(verdict, settled[i]);
    }
  }

  /** Rule CONDITIONS as far as the clock and the person matter. */
  private void handOver(Answered answered, ProductId product) {
    Resolved resolved = answered.resolved();
    SubjectState state = answered.state();
    if (!declared.keeps(Rule.CONDITIONS)) {
      return;
    }
    Reason refused = recipients.receivesNothing(resolved, state.now());
    if (refused == null
        && recipients.waitsForConsent(resolved.recipient())
        && !consents.saidYes(resolved.purpose(), product, resolved.channel(), state)) {
      refused = Reason.SHARING_NOT_AGREED;
    }
    if (refused == null) {
      return;
    }
    byte verdict = Verdict.of(refused);
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = Verdict.stricter(verdicts[i], verdict);
    }
  }

  private void askForSensitive(Answered answered, ProductId product) {
    Resolved resolved = answered.resolved();
    SubjectState state = answered.state();
    int purpose = resolved.purpose();
    if (!resolved.asksForSensitive() && !consents.everyFieldWaits(purpose, state)) {
      return;
    }
    Reason refused = consents.explicitConsent(purpose, product, resolved.channel(), state);
    if (refused == null) {
      return;
    }
    byte verdict = Verdict.of(refused);
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      int field = resolved.fields()[i];
      if (field != Declarations.UNDECLARED
          && consents.waitsForExplicitConsent(purpose, field, state)) {
        verdicts[i] = Verdict.stricter(verdicts[i], verdict);
      }
    }
  }
}
