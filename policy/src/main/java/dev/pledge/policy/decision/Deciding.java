package dev.pledge.policy.decision;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides a resolved question on one person's state, as a right, a collection or a use, less what
 * is new since the version the person accepted while its grace lasts (rule {@code ACCEPTANCE}
 * between versions; 0.1).
 */
final class Deciding {
  private final Declarations declared;
  private final AccountRules accounts;
  private final Rights rights;
  private final Collecting collecting;
  private final Using using;
  private final Renewals renewals;

  Deciding(
      Declarations declared,
      AccountRules accounts,
      Rights rights,
      Collecting collecting,
      Using using,
      Renewals renewals) {
    this.declared = declared;
    this.accounts = accounts;
    this.rights = rights;
    this.collecting = collecting;
    this.using = using;
    this.renewals = renewals;
  }

  /**
   * Fills in the answer and makes it a decision.
   *
   * @param accepted whether this version, or during grace one of {@code older}, was accepted
   * @param older the versions that bind beside this one during grace, from the one the person
   *     accepted to the last before this
   * @param terms what earlier versions, in grace or not, promised about how long values are kept
   */
  Decision decide(
      Answered answered, boolean accepted, List<CompiledPolicy> older, EarlierTerms terms) {
    Resolved resolved = answered.resolved();
    List<CompiledPolicy> binding =
        older.isEmpty() || waitsForAcceptance(resolved) ? older : List.of();
    byThisVersion(answered, accepted, binding);
    List<Answered> before = binding.isEmpty() ? List.of() : takeAwayWhatIsNew(answered, binding);
    return answered.opens() ? new Permit(answered, before, terms) : new Refusal(answered);
  }

  private Resolved resolvedBy(CompiledPolicy earlier, Question question) {
    Resolved resolved = earlier.resolve(question);
    return renewals.renews(earlier.version(), question) ? resolved.withDatesAskedLater() : resolved;
  }

  /** What this version, once accepted, answers by itself; asked by later ones in grace. */
  void decideAlone(Answered answered) {
    byThisVersion(answered, true, List.of());
  }

  private void byThisVersion(Answered answered, boolean accepted, List<CompiledPolicy> binding) {
    Resolved resolved = answered.resolved();
    if (resolved.refused() != null) {
      refuse(resolved.refused(), resolved.fields(), answered.verdicts());
    } else if (rights.isExercisedBy(resolved.question())) {
      rights.decide(answered);
    } else if (resolved.question().act() == Act.COLLECT) {
      collecting.decide(answered, accepted, binding);
    } else {
      using.decide(answered, accepted);
    }
  }

  /**
   * An undeclared field does not exist, whoever asks; that is said before who asks is looked at.
   */
  private static void refuse(Reason reason, int[] asked, byte[] verdicts) {
    byte refused = Verdict.of(reason);
    byte unknown = Verdict.of(Reason.UNKNOWN_FIELD);
    for (int i = 0; i < asked.length; i++) {
      verdicts[i] =
          asked[i] == Declarations.UNDECLARED ? Verdict.stricter(refused, unknown) : refused;
    }
  }

  /** Whether acceptance matters to the question: not to rights, nor to what never waits for it. */
  private boolean waitsForAcceptance(Resolved resolved) {
    return declared.keeps(Rule.ACCEPTANCE)
        && !rights.isExercisedBy(resolved.question())
        && (resolved.question().act() == Act.COLLECT
            || !accounts.neverWaitsForAcceptance(resolved.purpose()));
  }

  /** What those versions answer, the earliest first. */
  private List<Answered> takeAwayWhatIsNew(Answered answered, List<CompiledPolicy> binding) {
    List<Answered> before = new ArrayList<>(binding.size());
    for (CompiledPolicy policy : binding.reversed()) {
      Answered earlier =
          policy.answer(resolvedBy(policy, answered.resolved().question()), answered.state());
      takeAwayWhatIsNew(answered, earlier);
      before.addFirst(earlier);
    }
    return before;
  }

  private void takeAwayWhatIsNew(Answered answered, Answered before) {
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      if (!Verdict.refuses(verdicts[i]) && !accounts.neverWaitsForAcceptance(answered.purpose(i))) {
        verdicts[i] = lessWhatIsNew(verdicts[i], before.verdicts()[i]);
      }
    }
  }

  /** What this version opens, so far as {@code before}, the word of an accepted one, lets it. */
  private static byte lessWhatIsNew(byte verdict, byte before) {
    return Verdict.refuses(before) ? notYetAccepted(before) : Verdict.stricter(verdict, before);
  }

  /**
   * What this version opens and the accepted one does not has not been accepted yet, unless what
   * the accepted one lacks is the person's or a guardian's word: then that is what to say.
   */
  static byte notYetAccepted(byte refusedBefore) {
    Rule lacking = Verdict.rule(refusedBefore);
    return lacking == Rule.GUARDIAN || lacking == Rule.CONSENT
        ? refusedBefore
        : Verdict.of(Reason.NOT_ACCEPTED);
  }
}
