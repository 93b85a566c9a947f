package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.names.View;
import org.jspecify.annotations.Nullable;

/**
 * The person, or someone acting for them, looks at what is stored about them: no purpose, role,
 * consent or, for a child, guardian is asked for (rule {@code SELF}; V.1, VI.2, VI.4). What is
 * about somebody else stays closed.
 */
final class Rights {
  private final Declarations declared;
  private final AgeRules ages;

  Rights(Declarations declared, AgeRules ages) {
    this.declared = declared;
    this.ages = ages;
  }

  boolean isExercisedBy(Question question) {
    return declared.keeps(Rule.SELF)
        && question.act() == Act.READ
        && question.asker().capacity() != Asker.Capacity.ROLE;
  }

  /** A right needs no purpose, but one that is named has to exist. */
  static @Nullable Reason refusesWhole(Question question, int purpose, int product) {
    if (product == Declarations.UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    return question.purpose() != null && purpose == Declarations.UNDECLARED
        ? Reason.UNKNOWN_PURPOSE
        : null;
  }

  /** What becomes of a field: masked until step-up, and nothing of what is about another. */
  static byte verdict(Asker asker, Category category) {
    if (category.about() == About.ANOTHER) {
      return Verdict.of(Reason.ABOUT_ANOTHER);
    }
    return Verdict.of(asker.assurance() == Asker.Assurance.STEPPED_UP ? View.CLEAR : View.MASKED);
  }

  /** An undeclared field does not exist, whoever asks and about whom. */
  void decide(Answered answered) {
    Resolved resolved = answered.resolved();
    Reason refused = refuses(resolved.question().asker().capacity(), answered.state());
    byte[] verdicts = answered.verdicts();
    for (int i = 0; i < verdicts.length; i++) {
      boolean undeclared = resolved.fields()[i] == Declarations.UNDECLARED;
      verdicts[i] = refused == null || undeclared ? resolved.settled()[i] : Verdict.of(refused);
    }
  }

  private @Nullable Reason refuses(Asker.Capacity capacity, SubjectState state) {
    if (state.status() == SubjectState.Status.ERASED && declared.keeps(Rule.STANDING)) {
      return Reason.ERASED;
    }
    return hasMandate(capacity, state) ? null : Reason.NO_MANDATE;
  }

  /**
   * Whether the person's age and standing leave room for them or someone acting for them (VI.2,
   * VI.4). Whoever still has the session of someone who died is not that person, and a mandate and
   * a guardianship end with a death: then the heirs act.
   */
  private boolean hasMandate(Asker.Capacity capacity, SubjectState state) {
    boolean deceased = state.status() == SubjectState.Status.DECEASED;
    return switch (capacity) {
      case ROLE -> true;
      case SUBJECT, AGENT -> !deceased;
      case GUARDIAN -> !deceased && ages.isChild(state);
      case HEIR -> deceased;
    };
  }
}
