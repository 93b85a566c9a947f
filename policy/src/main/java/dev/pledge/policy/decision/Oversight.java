package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may be the second pair of eyes: approve a legal exception, review an emergency use (II.I.7).
 * Nobody is it for themselves, and no program is.
 */
final class Oversight {
  private final Declarations declared;
  private final NeedToKnow needToKnow;

  Oversight(Declarations declared, NeedToKnow needToKnow) {
    this.declared = declared;
    this.needToKnow = needToKnow;
  }

  /** Why {@code approver} may not give the approval at {@code now}, or null. */
  @Nullable Reason refusesApproval(Asker approver, Approval approval, Instant now) {
    return kept(mayNotApprove(approver, approval, now));
  }

  private @Nullable Reason mayNotApprove(Asker approver, Approval approval, Instant now) {
    int product = declared.productNamed(approval.product());
    int purpose = declared.purposeNamed(approval.purpose());
    if (product == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    if (purpose == UNDECLARED) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (!declared.isOf(purpose, declared.product(product))) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    Policy.LegalException exception = declared.purpose(purpose).exception().orElse(null);
    if (exception == null) {
      return Reason.NOT_EXCEPTIONAL;
    }
    Reason reason = refuses(approver, exception.approver(), approval.asker(), approval.product());
    if (reason == null) {
      reason = refusesFields(approval, purpose);
    }
    boolean outOfTime =
        !approval.until().isAfter(now) || approval.until().isAfter(now.plus(Approval.LONGEST));
    return reason == null && outOfTime ? Reason.APPROVAL_TERM : reason;
  }

  /** Why {@code approver} may not take the approval back, or null: whoever may give it may. */
  @Nullable Reason refusesRevocation(Asker approver, Approval approval) {
    int purpose = declared.purposeNamed(approval.purpose());
    Policy.LegalException exception =
        purpose == UNDECLARED ? null : declared.purpose(purpose).exception().orElse(null);
    return kept(
        exception == null
            ? Reason.NOT_EXCEPTIONAL
            : refuses(approver, exception.approver(), approval.asker(), approval.product()));
  }

  private @Nullable Reason refusesFields(Approval approval, int purpose) {
    for (String name : approval.fields()) {
      int field = declared.fieldNamed(name);
      if (field == UNDECLARED) {
        return Reason.UNKNOWN_FIELD;
      }
      if (!declared.uses(purpose, field)) {
        return Reason.NOT_LISTED;
      }
    }
    return null;
  }

  /** Why {@code reviewer} may not review what {@code user} did in an emergency, or null. */
  @Nullable Reason refusesReview(Asker reviewer, ActorId user, String purpose, String product) {
    RoleId role = reviewerOf(purpose);
    return kept(role == null ? Reason.NOT_EXCEPTIONAL : refuses(reviewer, role, user, product));
  }

  private @Nullable RoleId reviewerOf(String purpose) {
    int index = declared.purposeNamed(purpose);
    return index == UNDECLARED ? null : reviewerOf(declared.purpose(index));
  }

  private static @Nullable RoleId reviewerOf(Purpose purpose) {
    return purpose.breakGlass().map(Policy.BreakGlass::reviewer).orElse(null);
  }

  private @Nullable Reason refuses(Asker second, RoleId role, ActorId first, String product) {
    if (second.products().stream().noneMatch(own -> own.value().equals(product))) {
      return Reason.OTHER_PRODUCT;
    }
    Reason reason = refusesToOversee(second, role);
    return reason == null && second.id().equals(first) ? Reason.OWN_USE : reason;
  }

  private @Nullable Reason refusesToOversee(Asker second, RoleId role) {
    Reason reason = needToKnow.refusesToAct(second, role);
    return reason == null && second.kind() == Asker.Kind.SERVICE ? Reason.NOT_A_PERSON : reason;
  }

  /** The reason, if decisions are made with its rule. */
  private @Nullable Reason kept(@Nullable Reason reason) {
    return reason != null && declared.keeps(reason.rule()) ? reason : null;
  }

  /** The purposes whose emergency uses {@code reviewer} may review. */
  Set<PurposeId> reviewedBy(Asker reviewer) {
    return declared.source().purposes().stream()
        .filter(purpose -> reviews(reviewer, purpose))
        .map(Purpose::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean reviews(Asker reviewer, Purpose purpose) {
    RoleId role = reviewerOf(purpose);
    return role != null && kept(refusesToOversee(reviewer, role)) == null;
  }
}
