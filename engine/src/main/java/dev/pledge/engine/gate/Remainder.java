package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Closed.Left;
import dev.pledge.engine.gate.Closed.Why;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.vault.Vault.Newest;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is still held of a person who closed an account, why, and until when (II.II.3, V.3). */
final class Remainder {
  private static final ClauseId CLOSING = new ClauseId("V.3");
  private static final ClauseId KEEPING = new ClauseId("IV.1");
  private static final ClauseId POOLING = new ClauseId("II.I.9");

  private final Parts parts;

  Remainder(Parts parts) {
    this.parts = parts;
  }

  /** Of the person as they are in the transaction, in the order of fields and products. */
  List<Left> of(Transaction tx, SubjectState state) {
    CompiledPolicy policy = parts.policyAt(state.now());
    List<Left> left = new ArrayList<>();
    for (Newest newest : parts.vault().newest(tx, state.subject())) {
      if (parts.policies().isKept(newest.field(), newest.product(), newest.collectedAt(), state)) {
        left.add(left(newest, state, policy));
      }
    }
    left.sort(Comparator.comparing(Left::field).thenComparing(Left::product));
    return left;
  }

  private Left left(Newest newest, SubjectState state, CompiledPolicy policy) {
    Optional<Instant> until =
        parts.policies().keptUntil(newest.field(), newest.product(), newest.collectedAt(), state);
    if (isOpen(newest, state, policy)) {
      return new Left(
          newest.field(), newest.product(), Why.OTHER_PRODUCT, Optional.empty(), POOLING, until);
    }
    Policy terms = policy.source().forProduct(newest.product());
    Optional<Purpose> ordered = ordered(terms, newest.field(), newest.product());
    if (ordered.isPresent()) {
      PurposeId purpose = ordered.get().id();
      return new Left(
          newest.field(),
          newest.product(),
          Why.LAW,
          Optional.of(purpose),
          ordered.get().clause(),
          until);
    }
    boolean shortest =
        terms.retention().stream()
            .anyMatch(kept -> kept.of().contains(newest.field()) && kept.minimum().isPresent());
    return new Left(
        newest.field(),
        newest.product(),
        shortest ? Why.LAW : Why.GOES,
        Optional.empty(),
        shortest ? KEEPING : CLOSING,
        until);
  }

  /** Whether an account that is not closed has it: that of its product, or, without one, any. */
  private boolean isOpen(Newest newest, SubjectState state, CompiledPolicy policy) {
    @Nullable ProductId holder = parts.fields(policy).holder(newest.field(), newest.product());
    List<Membership> own =
        state.memberships().stream().filter(use -> use.product().equals(holder)).toList();
    return (own.isEmpty() ? state.memberships() : own)
        .stream().anyMatch(account -> account.closedAt() == null);
  }

  /** The purpose for which the law orders the field to be stored. */
  private static Optional<Purpose> ordered(Policy terms, FieldId field, ProductId product) {
    return terms.purposesOf(product).stream()
        .filter(purpose -> purpose.basis() == Basis.LEGAL_OBLIGATION)
        .filter(purpose -> purpose.exception().isEmpty() && purpose.uses().contains(field))
        .findFirst();
  }
}
