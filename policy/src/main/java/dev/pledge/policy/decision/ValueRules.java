package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ProductId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether one stored value may be opened, given the product that collected it and when (rules
 * {@code STANDING}, {@code POOLING} and {@code RETENTION}; II.I.9, II.II.3, IV.1). What was
 * collected for a product is kept, and let go to others, as its terms say (VIII.1).
 */
final class ValueRules {
  /** Whoever uses any product uses this. */
  private static final ProductId ANY = new ProductId(CompiledPolicy.GENERAL);

  private final Declarations declared;
  private final Rights rights;
  private final AccountRules accounts;
  private final ConsentRules consents;
  private final EndOfPurpose ended;
  private final Layers layers;

  ValueRules(
      Declarations declared,
      Rights rights,
      AccountRules accounts,
      ConsentRules consents,
      Layers layers) {
    this.declared = declared;
    this.rights = rights;
    this.accounts = accounts;
    this.consents = consents;
    this.ended = new EndOfPurpose(declared, consents, layers);
    this.layers = layers;
  }

  /** Why a value with this origin may not be opened as the asked field, or null. */
  @Nullable Reason refuses(Answered answered, int asked, ProductId product, Instant collectedAt) {
    if (rights.isExercisedBy(answered.resolved().question())) {
      return null;
    }
    int field = answered.resolved().fields()[asked];
    int purpose = answered.purpose(asked);
    SubjectState state = answered.state();
    ValueRules collectors = of(product);
    if (declared.keeps(Rule.STANDING) && isOfProduct(field)) {
      // the product asked for is open; that which collected the value may not be
      Reason reason = collectors.accounts.membership(declared.purpose(purpose), product, state);
      if (reason != null) {
        return reason;
      }
    }
    if (declared.keeps(Rule.POOLING)
        && needsPooling(answered, field, purpose, product)
        && !(pools()
            && collectors.pools()
            && collectors.consents.authorisesPooling(product, state))) {
      return Reason.NOT_POOLED;
    }
    return declared.keeps(Rule.RETENTION) && !collectors.isKept(field, product, collectedAt, state)
        ? Reason.EXPIRED
        : null;
  }

  /** Whether it matters to the answer how long values are kept: not to the person's own rights. */
  boolean looksAtTerms(Answered answered) {
    return declared.keeps(Rule.RETENTION) && !rights.isExercisedBy(answered.resolved().question());
  }

  private ValueRules of(ProductId product) {
    return layers.forProduct(product).values();
  }

  EndOfPurpose ended() {
    return ended;
  }

  /** Whether a value that this layer's product collected is still kept at {@code state.now()}. */
  boolean isKept(int field, ProductId product, Instant collectedAt, SubjectState state) {
    for (Retention retention : declared.retentionOf(field)) {
      if (isOver(retention, field, product, collectedAt, state)) {
        return false;
      }
    }
    return true;
  }

  /**
   * When a value that is kept goes if nothing happens before, or null where no term runs: the end
   * that {@link #isKept} looks at.
   */
  @Nullable Ending ending(int field, ProductId product, Instant collectedAt, SubjectState state) {
    Ending first = null;
    for (Retention retention : declared.retentionOf(field)) {
      Instant end = end(retention, field, product, collectedAt, state);
      if (end != null && (first == null || end.isBefore(first.at()))) {
        first = new Ending(end, retention);
      }
    }
    return first;
  }

  private @Nullable Instant end(
      Retention retention, int field, ProductId product, Instant collectedAt, SubjectState state) {
    Period keep = retention.keep();
    Instant sinceCollection = after(keep, collectedAt);
    return switch (retention.from()) {
      case COLLECTION -> sinceCollection;
      case CLOSING -> perhapsAfter(keep, closing(field, product, state));
      case LAST_USE -> {
        LocalDate last = lastUse(field, product, state);
        yield last == null ? sinceCollection : later(sinceCollection, LastUse.end(last, keep));
      }
      case END_OF_PURPOSE -> {
        Instant end =
            perhapsAfter(keep, ended.of(field, product, closing(field, product, state), state));
        yield end == null ? null : later(sinceCollection, end);
      }
      case UNACCEPTED -> state.accepted().isEmpty() ? sinceCollection : null;
    };
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static @Nullable Instant perhapsAfter(Period keep, @Nullable Instant start) {
    return start == null ? null : after(keep, start);
  }

  private static Instant after(Period keep, Instant start) {
    try {
      return start.atZone(ZoneOffset.UTC).plus(keep).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MIN;
    }
  }

  private boolean isOfProduct(int field) {
    return declared.categoryOf(field).scope() == Scope.PRODUCT;
  }

  /** Adds the log entries of the authorisation to pool that a value of this product rests on. */
  void collectPooling(Answered answered, int asked, ProductId product, Set<UUID> entries) {
    int field = answered.resolved().fields()[asked];
    if (!rights.isExercisedBy(answered.resolved().question())
        && needsPooling(answered, field, answered.purpose(asked), product)) {
      of(product).consents.collectPooling(product, answered.state(), entries);
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

  /** Whether data crosses between this layer's products and others where a person lets it. */
  private boolean pools() {
    return declared.source().pooling() == Pooling.WITH_AUTHORISATION;
  }

  /** Whether one rule no longer keeps the value; of several the first to end counts. */
  private boolean isOver(
      Retention retention, int field, ProductId product, Instant collectedAt, SubjectState state) {
    Period keep = retention.keep();
    boolean sinceCollection = hasPassed(keep, collectedAt, state);
    return switch (retention.from()) {
      case COLLECTION -> sinceCollection;
      case CLOSING -> hasPassed(keep, closing(field, product, state), state);
      case LAST_USE -> sinceCollection && isUnused(keep, field, product, state);
      case END_OF_PURPOSE ->
          sinceCollection
              && hasPassed(
                  keep, ended.of(field, product, closing(field, product, state), state), state);
      case UNACCEPTED -> sinceCollection && state.accepted().isEmpty();
    };
  }

  /**
   * Whether a period has passed since it began, if it did. A time beyond the calendar was never
   * one; what is said to be of it is not kept.
   */
  private static boolean hasPassed(Period keep, @Nullable Instant start, SubjectState state) {
    return start != null && !state.now().isBefore(after(keep, start));
  }

  /**
   * Whether what holds the value was not used for so long: any product for account-wide data, and
   * for what was stored for a product the person never used.
   */
  private boolean isUnused(Period keep, int field, ProductId product, SubjectState state) {
    LocalDate last = lastUse(field, product, state);
    return last == null || LastUse.isOver(last, keep, state.now());
  }

  private @Nullable LocalDate lastUse(int field, ProductId product, SubjectState state) {
    LocalDate own = isOfProduct(field) ? state.lastUsed(product) : null;
    return own == null ? state.lastUsed(ANY) : own;
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
