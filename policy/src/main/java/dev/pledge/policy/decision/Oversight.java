package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAmount;
import java.util.List;
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
    Reason reason = refusesToOrder(approver, approval.purpose(), approval.product());
    if (reason == null && approver.id().equals(approval.asker())) {
      reason = Reason.OWN_USE;
    }
    if (reason == null) {
      reason = refusesFields(approval.fields(), declared.purposeNamed(approval.purpose()));
    }
    boolean inTime = isWithin(approval.until(), now, Approval.LONGEST);
    return reason == null && !inTime ? Reason.APPROVAL_TERM : reason;
  }

  /** Why {@code officer} may not place the hold at {@code now}, or null. */
  @Nullable Reason refusesHold(Asker officer, HoldTerms hold, Instant now) {
    Reason reason = refusesToOrder(officer, hold.purpose(), hold.product());
    if (reason == null) {
      reason = refusesFields(hold.fields(), declared.purposeNamed(hold.purpose()));
    }
    boolean inTime = isWithin(hold.until(), now, HoldTerms.LONGEST);
    return kept(reason == null && !inTime ? Reason.HOLD_TERM : reason);
  }

  /** Why {@code officer} may not lift a hold for that purpose, or null: who may place it may. */
  @Nullable Reason refusesToLift(Asker officer, String purpose, String product) {
    return kept(refusesToOrder(officer, purpose, product));
  }

  /**
   * Why {@code reader} may not open what a hold of {@code officer} has set aside, or null: it is
   * for people whose role needs the purpose, and for others than who placed it.
   */
  @Nullable Reason refusesToOpenHeld(
      Asker reader, String purpose, String product, ActorId officer) {
    Reason reason = notExceptional(purpose, product);
    if (reason == null) {
      reason = refuses(reader, product);
    }
    if (reason == null) {
      reason = needToKnow.refusesToRead(reader, declared.purposeNamed(purpose));
    }
    if (reason == null && reader.kind() == Asker.Kind.SERVICE) {
      reason = Reason.NOT_A_PERSON;
    }
    return kept(reason == null && reader.id().equals(officer) ? Reason.OWN_USE : reason);
  }

  /** How clearly the reader sees what a hold for the purpose has set aside. */
  View seesHeld(Asker reader, String purpose) {
    return needToKnow.sees(reader, declared.purposeNamed(purpose));
  }

  private static boolean isWithin(Instant until, Instant now, TemporalAmount longest) {
    return until.isAfter(now)
        && !until.isAfter(now.atOffset(ZoneOffset.UTC).plus(longest).toInstant());
  }

  /** Why the officer may not have a legal exception for the purpose made, or null. */
  private @Nullable Reason refusesToOrder(Asker officer, String purpose, String product) {
    Reason reason = notExceptional(purpose, product);
    if (reason != null) {
      return reason;
    }
    RoleId role =
        declared.purpose(declared.purposeNamed(purpose)).exception().orElseThrow().approver();
    reason = refuses(officer, product);
    return reason == null ? refusesToOversee(officer, role) : reason;
  }

  private @Nullable Reason notExceptional(String purposeName, String productName) {
    int product = declared.productNamed(productName);
    int purpose = declared.purposeNamed(purposeName);
    if (product == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    if (purpose == UNDECLARED) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (!declared.isOf(purpose, declared.product(product))) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    return declared.purpose(purpose).exception().isEmpty() ? Reason.NOT_EXCEPTIONAL : null;
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

  private @Nullable Reason refusesFields(List<String> fields, int purpose) {
    for (String name : fields) {
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
    Reason reason = refuses(second, product);
    if (reason == null) {
      reason = refusesToOversee(second, role);
    }
    return reason == null && second.id().equals(first) ? Reason.OWN_USE : reason;
  }

  private static @Nullable Reason refuses(Asker asker, String product) {
    return asker.products().stream().anyMatch(own -> own.value().equals(product))
        ? null
        : Reason.OTHER_PRODUCT;
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
