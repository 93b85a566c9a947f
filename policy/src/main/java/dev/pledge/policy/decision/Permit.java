package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision that opens at least one field of one person, once. Made only by {@link
 * Policies#decide}; the vault demands it before it opens or stores anything. It is used at once,
 * inside the gate, and never handed out: it stops mistakes, not hostile code in the same JVM.
 */
public final class Permit implements Decision {
  private static final VarHandle USED;

  static {
    try {
      USED = MethodHandles.lookup().findVarHandle(Permit.class, "used", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Answered answered;

  /** During grace, what the versions from the accepted one on answer; their word counts too. */
  private final List<Answered> earlier;

  private final EarlierTerms terms;

  @SuppressWarnings("unused") // through USED
  private volatile boolean used;

  Permit(Answered answered, List<Answered> earlier, EarlierTerms terms) {
    this.answered = answered;
    this.earlier =
        earlier.isEmpty() ? List.of() : earlier.stream().filter(Answered::opens).toList();
    this.terms = terms;
  }

  /** The person it is about. */
  public SubjectId subject() {
    return answered.state().subject();
  }

  /**
   * Uses the permit up.
   *
   * @throws IllegalStateException if it was used before
   */
  public void use() {
    if (!USED.compareAndSet(this, false, true)) {
      throw new IllegalStateException("this permit was used before; ask again");
    }
  }

  /**
   * Whether a value with this origin may be opened as the asked field: asked before decryption,
   * since one field may hold values of several products and times.
   *
   * @return null if it may, otherwise why not (II.I.9, II.II.3, IV.1); of a refused field its
   *     refusal
   */
  public @Nullable Reason admits(int field, ProductId product, Instant collectedAt) {
    Reason refused = reason(field);
    if (refused != null) {
      return refused;
    }
    for (Answered before : earlier) {
      Reason reason = before.refusesValue(field, product, collectedAt);
      if (reason != null) {
        return reason;
      }
    }
    Reason reason = answered.refusesValue(field, product, collectedAt);
    return reason == null && isOverByEarlierTerms(field, product, collectedAt)
        ? Reason.EXPIRED
        : reason;
  }

  private boolean isOverByEarlierTerms(int asked, ProductId product, Instant collectedAt) {
    FieldId field = field(asked);
    return field != null
        && answered.policy().looksAtTerms(answered)
        && !terms.keep(field, product, collectedAt, answered.state());
  }

  /**
   * The log entries of the person's authorisation to pool that a value of this product, once
   * admitted as the asked field, rests on; none where it crosses no border between products or
   * needs no word to cross it (II.I.9).
   */
  public Set<UUID> pooledBy(int field, ProductId product) {
    Set<UUID> entries = new LinkedHashSet<>();
    answered.collectPooling(field, product, entries);
    earlier.forEach(before -> before.collectPooling(field, product, entries));
    return entries;
  }

  @Override
  public Question question() {
    return answered.resolved().question();
  }

  @Override
  public SubjectState state() {
    return answered.state();
  }

  @Override
  public PolicyVersion policy() {
    return answered.policy().version();
  }

  @Override
  public @Nullable Reason whole() {
    return answered.resolved().refused();
  }

  @Override
  public @Nullable View view(int field) {
    return Verdict.view(answered.verdicts()[field]);
  }

  @Override
  public @Nullable Reason reason(int field) {
    return Verdict.reason(answered.verdicts()[field]);
  }

  @Override
  public ClauseId clause(int field, Reason reason) {
    return answered.policy().clause(answered, field, reason);
  }

  @Override
  public @Nullable FieldId field(int field) {
    return answered.policy().field(answered.resolved().fields()[field]);
  }

  @Override
  public @Nullable PurposeId purpose(int field) {
    return Verdict.refuses(answered.verdicts()[field])
        ? null
        : answered.policy().purpose(answered.purpose(field));
  }

  @Override
  public List<UUID> reliedOn() {
    if (earlier.isEmpty()) {
      return answered.reliedOn();
    }
    Set<UUID> entries = new LinkedHashSet<>(answered.reliedOn());
    earlier.forEach(before -> entries.addAll(before.reliedOn()));
    return List.copyOf(entries);
  }

  Answered answered() {
    return answered;
  }
}
