package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Choices.Standings;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The purposes as grounds to store values of one person now, each looked at once however many
 * fields it lists, but for addresses of different channels (rules {@code STANDING} to {@code
 * CONSENT} at collection). Of one thread.
 */
final class Grounds {
  /** A purpose that lets a value be stored. */
  private static final byte GROUND = Verdict.of(View.CLEAR);

  private final Declarations declared;
  private final AccountRules accounts;
  private final ConsentRules consents;
  private final Resolved resolved;
  private final SubjectState state;
  private final boolean accepted;

  /** What is known of each purpose, by the channels that the field is an address for. */
  private final Map<Set<ChannelId>, byte[]> ordinary = new HashMap<>();

  private final Map<Set<ChannelId>, byte[]> sensitive = new HashMap<>();

  Grounds(
      Declarations declared,
      AccountRules accounts,
      ConsentRules consents,
      Resolved resolved,
      SubjectState state,
      boolean accepted) {
    this.declared = declared;
    this.accounts = accounts;
    this.consents = consents;
    this.resolved = resolved;
    this.state = state;
    this.accepted = accepted;
  }

  /** As {@link #of(int, int)}, both as another version names them. */
  byte of(PurposeId purpose, FieldId field) {
    int p = declared.purposeNamed(purpose.value());
    int f = declared.fieldNamed(field.toString());
    boolean listed =
        p != UNDECLARED
            && f != UNDECLARED
            && declared.uses(p, f)
            && !ExceptionalUse.onlyOpensWhatIsStored(declared.purpose(p));
    return listed ? of(p, f) : Verdict.of(Reason.NOT_LISTED);
  }

  /** Why the purpose is no ground to store the field, or a view if it is one. */
  byte of(int purpose, int field) {
    boolean explicit = consents.waitsForExplicitConsent(purpose, field, state);
    byte[] known =
        (explicit ? sensitive : ordinary)
            .computeIfAbsent(
                declared.field(field).type().channels(), _ -> new byte[declared.purposeCount()]);
    if (known[purpose] == Verdict.NONE) {
      Reason reason = refuses(purpose, field, explicit);
      known[purpose] = reason == null ? GROUND : Verdict.of(reason);
    }
    return known[purpose];
  }

  private @Nullable Reason refuses(int purpose, int field, boolean explicit) {
    if (resolved.product() == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    ProductId product = declared.product(resolved.product());
    if (!declared.isOf(purpose, product)) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    Reason reason = accounts.refuses(purpose, product, state, accepted);
    return reason != null ? reason : refusesOverEveryChannel(purpose, field, product, explicit);
  }

  /** The refusal over the channel that came furthest, or null if there is none over one of them. */
  private @Nullable Reason refusesOverEveryChannel(
      int purpose, int field, ProductId product, boolean explicit) {
    byte furthest = Verdict.NONE;
    for (ChannelId channel : declared.channelsOf(resolved.question(), purpose, field)) {
      Reason reason = refusesOver(channel, purpose, product, explicit);
      if (reason == null) {
        return null;
      }
      byte refused = Verdict.of(reason);
      furthest = furthest == Verdict.NONE ? refused : Verdict.later(furthest, refused);
    }
    return furthest == Verdict.NONE ? Reason.OTHER_CHANNEL : Verdict.reason(furthest);
  }

  private @Nullable Reason refusesOver(
      @Nullable ChannelId channel, int purpose, ProductId product, boolean explicit) {
    Standings said = consents.said(purpose, explicit, product, channel, state);
    Reason reason = consents.guardian(purpose, said, state);
    if (reason == null) {
      reason = consents.consent(purpose, said, resolved.question(), state);
    }
    return reason == null && explicit ? consents.explicitConsent(said) : reason;
  }
}
