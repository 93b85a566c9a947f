package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the purposes a value is stored for have ended for a person (II.II.3, IV.1). One that they
 * can refuse ends when they do, over every channel; any but what the law orders ends with the
 * closing of the account. What takes a yes that nobody gave never began.
 */
final class EndOfPurpose {
  private static final Instant GOES_ON = Instant.MAX;

  private final Declarations declared;
  private final ConsentRules consents;
  private final Layers layers;

  EndOfPurpose(Declarations declared, ConsentRules consents, Layers layers) {
    this.declared = declared;
    this.consents = consents;
    this.layers = layers;
  }

  /** One account in which a value may serve, and when it was closed. */
  private record Account(ProductId product, @Nullable Instant closedAt) {}

  /**
   * When the last of them ended, or null while one goes on; {@link Instant#MIN} where none ever
   * began.
   *
   * @param closedAt when the account that holds the value was closed, or null
   */
  @Nullable Instant of(
      int field, ProductId collector, @Nullable Instant closedAt, SubjectState state) {
    Instant last = Instant.MIN;
    for (Account account : accounts(field, collector, closedAt, state)) {
      EndOfPurpose own = layers.forProduct(account.product()).values().ended();
      last = later(last, own.of(field, account, state));
    }
    return last.equals(GOES_ON) ? null : last;
  }

  /** When the last of the account's purposes ended, which are those of its product's terms. */
  private Instant of(int field, Account account, SubjectState state) {
    Instant last = Instant.MIN;
    for (int purpose : declared.purposesUsing(field)) {
      if (!ExceptionalUse.onlyOpensWhatIsStored(declared.purpose(purpose))) {
        last = later(last, of(purpose, field, account, state));
      }
    }
    return last;
  }

  /** The account of the product that collected the value; all of them for account-wide data. */
  private List<Account> accounts(
      int field, ProductId collector, @Nullable Instant closedAt, SubjectState state) {
    if (declared.categoryOf(field).scope() == Scope.PRODUCT) {
      return List.of(new Account(collector, closedAt));
    }
    List<Account> accounts = new ArrayList<>();
    for (ProductId product : declared.source().products()) {
      Membership membership = state.membership(product);
      if (membership != null) {
        accounts.add(new Account(product, membership.closedAt()));
      }
    }
    return accounts;
  }

  private Instant of(int purpose, int field, Account account, SubjectState state) {
    if (!declared.isOf(purpose, account.product())) {
      return Instant.MIN;
    }
    if (declared.purpose(purpose).basis() == Basis.LEGAL_OBLIGATION) {
      return GOES_ON;
    }
    Instant last = Instant.MIN;
    for (ChannelId channel : declared.channels(purpose)) {
      if (declared.field(field).type().opensOver(channel)) {
        last = later(last, over(channel, purpose, field, account, state));
      }
    }
    return last;
  }

  private Instant over(
      @Nullable ChannelId channel, int purpose, int field, Account account, SubjectState state) {
    Instant closed = account.closedAt();
    if (closed == null) {
      return consents.ended(purpose, field, account.product(), channel, state);
    }
    Instant refused = consents.refused(purpose, field, account.product(), channel, state);
    return refused.isBefore(closed) ? refused : closed;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
