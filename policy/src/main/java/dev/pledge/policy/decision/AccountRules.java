package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ProductId;
import java.time.LocalDate;
import java.time.Period;
import org.jspecify.annotations.Nullable;

/**
 * Whether the person's account allows a purpose: its status, the membership with the product and
 * its use, the acceptance of the policy (rules {@code STANDING} and {@code ACCEPTANCE}; 0.1,
 * II.II.3, V.4).
 */
final class AccountRules {
  private final Declarations declared;

  AccountRules(Declarations declared) {
    this.declared = declared;
  }

  /** Rules STANDING and ACCEPTANCE. */
  @Nullable Reason refuses(int purpose, ProductId product, SubjectState state, boolean accepted) {
    Reason standing = standing(purpose, product, state);
    return standing != null ? standing : acceptance(purpose, accepted);
  }

  private @Nullable Reason standing(int index, ProductId product, SubjectState state) {
    if (!declared.keeps(Rule.STANDING)) {
      return null;
    }
    Purpose purpose = declared.purpose(index);
    Reason status = status(purpose, state);
    return status != null ? status : membership(purpose, product, state);
  }

  private static @Nullable Reason status(Purpose purpose, SubjectState state) {
    return switch (state.status()) {
      case ACTIVE -> null;
      case RESTRICTED -> goesOnWhileRestricted(purpose) ? null : Reason.RESTRICTED;
      case DECEASED -> purpose.nature() == Nature.PROMOTION ? Reason.DECEASED : null;
      case ERASED -> Reason.ERASED;
    };
  }

  /**
   * What the law orders to be kept goes on being stored. A consent given since would let a purpose
   * go on as well, but nothing tells yet when a restriction began: one that is older must not
   * count.
   */
  private static boolean goesOnWhileRestricted(Purpose purpose) {
    return purpose.nature() == Nature.LEGAL_CLAIMS
        || purpose.nature() == Nature.PROTECTION
        || purpose.nature() == Nature.RECORD_KEEPING
        || purpose.basis() == Basis.VITAL_INTEREST;
  }

  /** A closed account, like one never opened or long unused, leaves what the law obliges to. */
  @Nullable Reason membership(Purpose purpose, ProductId product, SubjectState state) {
    if (purpose.basis() == Basis.LEGAL_OBLIGATION) {
      return null;
    }
    Membership membership = state.membership(product);
    if (membership == null) {
      return Reason.NOT_A_MEMBER;
    }
    if (membership.closedAt() != null) {
      return Reason.ACCOUNT_CLOSED;
    }
    return isDormant(product, state) ? Reason.DORMANT : null;
  }

  private boolean isDormant(ProductId product, SubjectState state) {
    Period dormancy = declared.dormancy();
    LocalDate lastUsed = dormancy == null ? null : state.lastUsed(product);
    return dormancy != null && lastUsed != null && LastUse.isOver(lastUsed, dormancy, state.now());
  }

  private @Nullable Reason acceptance(int purpose, boolean accepted) {
    return accepted || neverWaitsForAcceptance(purpose) || !declared.keeps(Rule.ACCEPTANCE)
        ? null
        : Reason.NOT_ACCEPTED;
  }

  boolean neverWaitsForAcceptance(int purpose) {
    return purpose != Declarations.UNDECLARED
        && (declared.purpose(purpose).before().contains(Before.ACCEPTANCE)
            || declared.isCompelling(purpose));
  }
}
