package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ProductId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether one stored value may be opened, given the product that collected it and when (rules
 * {@code STANDING}, {@code POOLING} and {@code RETENTION}; II.I.9, II.II.3, IV.1).
 */
final class ValueRules {
  private final Declarations declared;
  private final Rights rights;
  private final ConsentRules consents;

  ValueRules(Declarations declared, Rights rights, ConsentRules consents) {
    this.declared = declared;
    this.rights = rights;
    this.consents = consents;
  }

  /** Why a value with this origin may not be opened as the asked field, or null. */
  @Nullable Reason refuses(Answered answered, int asked, ProductId product, Instant collectedAt) {
    if (rights.isExercisedBy(answered.resolved().question())) {
      return null;
    }
    int field = answered.resolved().fields()[asked];
    int purpose = answered.purpose(asked);
    SubjectState state = answered.state();
    if (declared.keeps(Rule.STANDING) && isOfProduct(field)) {
      // the product asked for is open; that which collected the value may not be
      Reason reason = AccountRules.membership(declared.purpose(purpose), product, state);
      if (reason != null) {
        return reason;
      }
    }
    if (declared.keeps(Rule.POOLING)
        && needsPooling(answered, field, purpose, product)
        && !isPooled(product, state)) {
      return Reason.NOT_POOLED;
    }
    return declared.keeps(Rule.RETENTION) && !isKept(field, product, collectedAt, state)
        ? Reason.EXPIRED
        : null;
  }

  /** Whether a value of the field is still kept at {@code state.now()}. */
  boolean isKept(int field, ProductId product, Instant collectedAt, SubjectState state) {
    return state.now().isBefore(expiry(field, product, collectedAt, state));
  }

  private boolean isOfProduct(int field) {
    return declared.categoryOf(field).scope() == Scope.PRODUCT;
  }

  /** Adds the log entries of the authorisation to pool that a value of this product rests on. */
  void collectPooling(Answered answered, int asked, ProductId product, Set<UUID> entries) {
    int field = answered.resolved().fields()[asked];
    if (!rights.isExercisedBy(answered.resolved().question())
        && needsPooling(answered, field, answered.purpose(asked), product)) {
      consents.collectPooling(product, answered.state(), entries);
    }
  }

  /** Whether the value crosses products for a purpose that may not. */
  private boolean needsPooling(Answered answered, int field, int purpose, ProductId collector) {
    return isOfProduct(field)
        && !collector.value().equals(answered.resolved().question().product())
        && !crossesProducts(declared.purpose(purpose));
  }

  /** Whether the purpose crosses products without the person's authorisation (II.I.9). */
  static boolean crossesProducts(Purpose purpose) {
    return purpose.nature() == Nature.SECURITY || purpose.basis().isCompelling();
  }

  private boolean isPooled(ProductId collector, SubjectState state) {
    return declared.source().pooling() == Pooling.WITH_AUTHORISATION
        && consents.authorisesPooling(collector, state);
  }

  /**
   * When the value stops being kept: the earliest end of all retention rules; far future if none.
   */
  private Instant expiry(int field, ProductId product, Instant collectedAt, SubjectState state) {
    Instant end = Instant.MAX;
    for (Retention retention : declared.retentionOf(field)) {
      Instant start = start(retention.from(), field, product, collectedAt, state);
      if (start != null) {
        Instant ends = after(start, retention.keep());
        end = ends.isBefore(end) ? ends : end;
      }
    }
    return end;
  }

  /** When the period began, or null while it has not. */
  private @Nullable Instant start(
      From from, int field, ProductId product, Instant collectedAt, SubjectState state) {
    return switch (from) {
      case COLLECTION -> collectedAt;
      case CLOSING -> closing(field, product, state);
      case UNACCEPTED -> state.accepted().isEmpty() ? collectedAt : null;
    };
  }

  /** A time beyond the calendar was never one; what is said to be of it is not kept. */
  private static Instant after(Instant start, Period keep) {
    try {
      return start.atZone(ZoneOffset.UTC).plus(keep).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MIN;
    }
  }

  /**
   * When the account that holds the value was closed: the last of all for account-wide data, and
   * for what the law ordered to be stored for a product the person never used.
   */
  private @Nullable Instant closing(int field, ProductId product, SubjectState state) {
    Membership own = isOfProduct(field) ? state.membership(product) : null;
    if (own != null) {
      return own.closedAt();
    }
    Instant last = null;
    for (Membership membership : state.memberships()) {
      Instant closedAt = membership.closedAt();
      if (closedAt == null) {
        return null;
      }
      last = last == null || closedAt.isAfter(last) ? closedAt : last;
    }
    return last;
  }
}
