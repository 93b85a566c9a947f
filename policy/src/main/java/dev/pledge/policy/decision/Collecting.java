package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides which values may be stored: at least one purpose lists the field and is permitted now,
 * the person did not remove it, and its source may supply it (rules {@code STANDING} to {@code
 * CONSENT} and {@code CONDITIONS} at collection; I.0, IV.4, V.1).
 */
final class Collecting {
  private final Declarations declared;
  private final Sources sources;
  private final AccountRules accounts;
  private final ConsentRules consents;

  Collecting(Declarations declared, Sources sources, AccountRules accounts, ConsentRules consents) {
    this.declared = declared;
    this.sources = sources;
    this.accounts = accounts;
    this.consents = consents;
  }

  Grounds grounds(Resolved resolved, SubjectState state, boolean accepted) {
    return new Grounds(declared, accounts, consents, resolved, state, accepted);
  }

  void decide(Answered answered, boolean accepted, List<CompiledPolicy> binding) {
    Resolved resolved = answered.resolved();
    SubjectState state = answered.state();
    Grounds grounds = grounds(resolved, state, accepted);
    List<Grounds> before = groundsBefore(binding, resolved.question(), state);
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      byte settled = resolved.settled()[i];
      byte verdict = Verdict.NONE;
      if (!Verdict.refusesUpTo(Rule.NEED_TO_KNOW, settled)) {
        verdict = storable(answered, i, grounds, before);
        if (verdict == Verdict.NONE) {
          verdict = fromSource(resolved, resolved.fields()[i], state);
        }
      }
      verdicts[i] = verdict == Verdict.NONE ? settled : verdict;
    }
  }

  private static List<Grounds> groundsBefore(
      List<CompiledPolicy> binding, Question question, SubjectState state) {
    if (binding.isEmpty()) {
      return List.of();
    }
    List<Grounds> before = new ArrayList<>(binding.size());
    for (CompiledPolicy policy : binding) {
      before.add(policy.grounds(question, state));
    }
    return before;
  }

  /**
   * Rules STANDING to CONSENT at collection: at least one purpose listing the field is permitted
   * now, and during grace by every version that binds; the reason told is that of the purpose that
   * came furthest.
   */
  private byte storable(Answered answered, int asked, Grounds grounds, List<Grounds> before) {
    int field = answered.resolved().fields()[asked];
    int[] forPurpose = answered.purposes();
    byte furthest = Verdict.of(Reason.NOT_LISTED);
    boolean found = false;
    for (int purpose : declared.purposesUsing(field)) {
      if (ExceptionalUse.onlyOpensWhatIsStored(declared.purpose(purpose))) {
        continue;
      }
      boolean neverWaits = before.isEmpty() || accounts.neverWaitsForAcceptance(purpose);
      byte ground = grounds.of(purpose, field);
      if (!Verdict.refuses(ground) && !neverWaits) {
        ground = lessWhatIsNew(ground, purpose, field, before);
      }
      if (!Verdict.refuses(ground)) {
        if (neverWaits) {
          forPurpose[asked] = purpose;
          return Verdict.NONE;
        }
        // during grace a ground that does not wait for acceptance is the better one
        forPurpose[asked] = forPurpose[asked] == UNDECLARED ? purpose : forPurpose[asked];
        continue;
      }
      furthest = found ? Verdict.later(furthest, ground) : ground;
      found = true;
    }
    boolean grounded = forPurpose[asked] != UNDECLARED;
    return grounded || !(found || declared.keeps(Rule.PURPOSE)) ? Verdict.NONE : furthest;
  }

  /** The ground, if every version that binds during grace would store the field on it too. */
  private byte lessWhatIsNew(byte ground, int purpose, int field, List<Grounds> before) {
    for (Grounds grounds : before.reversed()) {
      byte earlier = grounds.of(declared.purpose(purpose).id(), declared.field(field).id());
      if (Verdict.refuses(earlier)) {
        return Deciding.notYetAccepted(earlier);
      }
    }
    return ground;
  }

  private byte fromSource(Resolved resolved, int field, SubjectState state) {
    if (declared.keeps(Rule.CONSENT)
        && !CompiledPolicy.PERSON.equals(resolved.question().source())
        && state.suppressed().contains(declared.field(field).id())) {
      return Verdict.of(Reason.SUPPRESSED);
    }
    return sources.supplies(resolved, field, state.now()) || !declared.keeps(Rule.CONDITIONS)
        ? Verdict.NONE
        : Verdict.of(Reason.NO_AGREEMENT);
  }
}
