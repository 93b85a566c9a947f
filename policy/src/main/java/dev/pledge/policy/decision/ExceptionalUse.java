package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.decision.Question.Justification;
import dev.pledge.policy.names.FieldId;
import org.jspecify.annotations.Nullable;

/**
 * What a legal exception and an emergency ask for in place of the person's consent, and what a duty
 * to keep records does not give (part of rule {@code CONSENT}; II.I.7).
 */
final class ExceptionalUse {
  private ExceptionalUse() {}

  /** What the purpose still lacks as a whole, or null; nothing if it is an ordinary one. */
  static @Nullable Reason refuses(Purpose purpose, Question question) {
    if (purpose.nature() == Nature.RECORD_KEEPING && question.act() != Act.COLLECT) {
      return Reason.ONLY_KEPT;
    }
    LegalException exception = purpose.exception().orElse(null);
    if (exception != null && !isApproved(exception, question)) {
      return Reason.EXCEPTION_WITHOUT_ORDER;
    }
    return purpose.breakGlass().isPresent() ? emergency(question) : null;
  }

  private static boolean isApproved(LegalException exception, Question question) {
    ExceptionUse use = question.exception();
    return use != null
        && use.approverKind() != Asker.Kind.SERVICE
        && !use.approver().equals(question.asker().id())
        && use.approverRoles().contains(exception.approver());
  }

  private static @Nullable Reason emergency(Question question) {
    if (question.justification() == Justification.NONE) {
      return Reason.EMERGENCY_UNJUSTIFIED;
    }
    return question.asker().reviews() == Asker.Reviews.OVERDUE ? Reason.REVIEW_OVERDUE : null;
  }

  /** Whether the order behind the exception has to name its fields and does not name this one. */
  static boolean isOutsideOrder(Purpose purpose, Question question, FieldId field) {
    LegalException exception = purpose.exception().orElse(null);
    if (exception == null || !exception.fieldsNamed()) {
      return false;
    }
    ExceptionUse use = question.exception();
    return use == null || !use.fieldsNamed().contains(field.toString());
  }

  /** Exceptions and emergencies open what is stored; they are no ground to store more. */
  static boolean onlyOpensWhatIsStored(Purpose purpose) {
    return purpose.exception().isPresent() || purpose.breakGlass().isPresent();
  }
}
