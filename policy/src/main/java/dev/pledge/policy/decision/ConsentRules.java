package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Choices.Standing;
import dev.pledge.policy.decision.Choices.Standings;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether the person, and for a child the guardian, has answered as one purpose needs (rules {@code
 * GUARDIAN} and {@code CONSENT}; I.1, II.I.*, II.II.6, V.2, VI.1, VI.4).
 */
final class ConsentRules {
  private static final ClauseId POOLING_CLAUSE = new ClauseId("II.I.9");

  private final Declarations declared;
  private final AgeRules ages;
  private final Choices choices;

  ConsentRules(Declarations declared, Meanings meanings, AgeRules ages) {
    this.declared = declared;
    this.ages = ages;
    this.choices = new Choices(meanings, ages);
  }

  /**
   * What the person and the guardian have said, looked up only where the rules may ask for it.
   *
   * @param asked whether a yes is asked for whatever the person's age and their control over the
   *     purpose: for sensitive fields, or by a recipient
   */
  Standings said(
      int purpose,
      boolean asked,
      ProductId product,
      @Nullable ChannelId channel,
      SubjectState state) {
    boolean matters =
        asked || ages.isChild(state) || declared.purpose(purpose).control() != Control.NONE;
    return matters ? choices.standings(state, purpose, product, channel) : Standings.SILENT;
  }

  /** Rule GUARDIAN. */
  @Nullable Reason guardian(int purpose, Standings said, SubjectState state) {
    if (!declared.keeps(Rule.GUARDIAN)) {
      return null;
    }
    if (asksAGuardian(purpose) && state.age() == Age.ADULT) {
      return Reason.NO_GUARDIAN_NEEDED;
    }
    return said.guardianAgrees() || !waitsForGuardian(purpose, state)
        ? null
        : Reason.GUARDIAN_MISSING;
  }

  private boolean waitsForGuardian(int index, SubjectState state) {
    Purpose purpose = declared.purpose(index);
    return ages.isChild(state)
        && !asksAGuardian(index)
        && purpose.nature() != Nature.PROTECTION
        && !declared.isCompelling(index);
  }

  /** Whether the purpose serves to ask a guardian: of children, and of those who may be some. */
  private boolean asksAGuardian(int purpose) {
    return declared.purpose(purpose).before().contains(Before.GUARDIAN_CONSENT);
  }

  /**
   * Rule CONSENT for a purpose as a whole. What a guardian has to agree to, the child itself may
   * refuse, whoever else is asked.
   */
  @Nullable Reason consent(int index, Standings said, Question question, SubjectState state) {
    if (!declared.keeps(Rule.CONSENT)) {
      return null;
    }
    Purpose purpose = declared.purpose(index);
    Reason choice =
        switch (purpose.control()) {
          case NONE -> waitsForGuardian(index, state) ? optOut(said.ordinary()) : null;
          case OPT_IN -> optIn(said.ordinary());
          case OPT_OUT -> optOut(said.ordinary());
        };
    return choice != null ? choice : ExceptionalUse.refuses(purpose, question);
  }

  private static @Nullable Reason optIn(Standing standing) {
    return switch (standing) {
      case GRANTED -> null;
      case NONE -> Reason.CONSENT_MISSING;
      case LAPSED -> Reason.CONSENT_LAPSED;
      case WITHDRAWN -> Reason.CONSENT_WITHDRAWN;
    };
  }

  private static @Nullable Reason optOut(Standing standing) {
    return standing == Standing.WITHDRAWN ? Reason.CONSENT_WITHDRAWN : null;
  }

  /**
   * Rule CONSENT for sensitive fields: a separate explicit consent, or the condition the policy
   * names.
   */
  @Nullable Reason explicitConsent(Standings said) {
    if (!declared.keeps(Rule.CONSENT)) {
      return null;
    }
    return switch (said.sensitive()) {
      case GRANTED -> null;
      case NONE, LAPSED -> Reason.SENSITIVE_CONSENT_MISSING;
      case WITHDRAWN -> Reason.SENSITIVE_CONSENT_WITHDRAWN;
    };
  }

  /**
   * Whether the purpose uses the field only with {@link #explicitConsent}. What is sensitive in
   * itself always waits, unless the policy names a condition. What is sensitive by age alone does
   * not keep a guardian from being asked, nor the law and the saving of a life from going on.
   */
  boolean waitsForExplicitConsent(int purpose, int field, SubjectState state) {
    return declared.asksForSensitive(purpose, field) || everyFieldWaits(purpose, state);
  }

  /** Whether every field waits for {@link #explicitConsent}, by the person's age. */
  boolean everyFieldWaits(int purpose, SubjectState state) {
    return ages.isEverythingSensitive(state)
        && declared.purpose(purpose).sensitiveCondition().isEmpty()
        && !asksAGuardian(purpose)
        && !declared.isCompelling(purpose);
  }

  /**
   * Whether a refusal of the purpose, for that data, can stop anything: the person has a control
   * over it, or, unless ordinary data alone is meant, some field of it waits for their explicit
   * consent (V.2).
   */
  boolean canBeRefused(int purpose, Coverage coverage, SubjectState state) {
    return declared.purpose(purpose).control() != Control.NONE
        || (coverage != Coverage.ORDINARY
            && declared
                .usedBy(purpose)
                .anyMatch(field -> waitsForExplicitConsent(purpose, field, state)));
  }

  /**
   * When the person's or a guardian's word ended the purpose for the field: {@link Instant#MAX}
   * while it lets it go on, {@link Instant#MIN} where it takes a yes that nobody gave.
   */
  Instant ended(
      int purpose, int field, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    Instant ordinary =
        switch (declared.purpose(purpose).control()) {
          case NONE -> Instant.MAX;
          case OPT_OUT -> choices.refusedSince(state, purpose, product, channel, Coverage.ORDINARY);
          case OPT_IN -> choices.granted(state, purpose, product, channel, Coverage.ORDINARY);
        };
    if (!waitsForExplicitConsent(purpose, field, state)) {
      return ordinary;
    }
    Instant explicit = choices.granted(state, purpose, product, channel, Coverage.SENSITIVE);
    return explicit.isBefore(ordinary) ? explicit : ordinary;
  }

  /** As above once the account is closed, with which grants are over: only refusals tell more. */
  Instant refused(
      int purpose, int field, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    Instant ordinary =
        declared.purpose(purpose).control() == Control.NONE
            ? Instant.MAX
            : choices.refusedSince(state, purpose, product, channel, Coverage.ORDINARY);
    if (!waitsForExplicitConsent(purpose, field, state)) {
      return ordinary;
    }
    Instant explicit = choices.refusedSince(state, purpose, product, channel, Coverage.SENSITIVE);
    return explicit.isBefore(ordinary) ? explicit : ordinary;
  }

  /** Every switch of the product, in the order of its purposes; pooling last (V.2). */
  List<Switch> switches(ProductId product, SubjectState state) {
    List<Switch> switches = new ArrayList<>();
    for (int index = 0; index < declared.source().purposes().size(); index++) {
      Purpose purpose = declared.purpose(index);
      if (!purpose.isOf(product)) {
        continue;
      }
      List<ChannelId> channels = new ArrayList<>(purpose.channels());
      channels.sort(Comparator.comparing(ChannelId::value));
      if (channels.isEmpty()) {
        addSwitches(switches, index, product, null, state);
      }
      for (ChannelId channel : channels) {
        addSwitches(switches, index, product, channel, state);
      }
    }
    return switches;
  }

  private void addSwitches(
      List<Switch> switches,
      int index,
      ProductId product,
      @Nullable ChannelId channel,
      SubjectState state) {
    Purpose purpose = declared.purpose(index);
    Standings said = choices.standings(state, index, product, channel);
    if (purpose.control() != Control.NONE) {
      switches.add(
          new Switch(
              purpose.id().value(),
              purpose.clause(),
              product,
              Optional.ofNullable(channel),
              Coverage.ORDINARY,
              purpose.control(),
              position(said.ordinary())));
    }
    if (declared.usedBy(index).anyMatch(field -> waitsForExplicitConsent(index, field, state))) {
      switches.add(
          new Switch(
              purpose.id().value(),
              purpose.clause(),
              product,
              Optional.ofNullable(channel),
              Coverage.SENSITIVE,
              Control.OPT_IN,
              position(said.sensitive())));
    }
  }

  private static Switch.Position position(Standing standing) {
    return switch (standing) {
      case GRANTED -> Switch.Position.GRANTED;
      case NONE -> Switch.Position.UNANSWERED;
      case LAPSED -> Switch.Position.LAPSED;
      case WITHDRAWN -> Switch.Position.REFUSED;
    };
  }

  /** Whether what the product has of the person is used for others, as a switch (II.I.9). */
  Switch pooling(ProductId product, SubjectState state) {
    return new Switch(
        CompiledPolicy.POOLING,
        POOLING_CLAUSE,
        product,
        Optional.empty(),
        Coverage.ORDINARY,
        Control.OPT_IN,
        position(choices.standings(state, Declarations.UNDECLARED, product, null).ordinary()));
  }

  /** Whether the person lets other products use what this one collected (II.I.9). */
  boolean authorisesPooling(ProductId product, SubjectState state) {
    return choices.standings(state, Declarations.UNDECLARED, product, null).ordinary()
        == Standing.GRANTED;
  }

  /** Adds the log entries of the answers that settle whether this product's data is pooled. */
  void collectPooling(ProductId product, SubjectState state, Set<UUID> entries) {
    choices.collectEntries(
        state, Declarations.UNDECLARED, product, null, Coverage.ORDINARY, entries);
  }

  /** Adds the log entries of the answers on which a use of the field rests. */
  void collectEntries(
      int purpose,
      int field,
      ProductId product,
      @Nullable ChannelId channel,
      SubjectState state,
      Set<UUID> entries) {
    if (declared.purpose(purpose).control() != Control.NONE || waitsForGuardian(purpose, state)) {
      choices.collectEntries(state, purpose, product, channel, Coverage.ORDINARY, entries);
    }
    if (waitsForExplicitConsent(purpose, field, state)) {
      choices.collectEntries(state, purpose, product, channel, Coverage.SENSITIVE, entries);
    }
  }
}
