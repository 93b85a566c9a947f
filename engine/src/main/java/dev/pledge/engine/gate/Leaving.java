package dev.pledge.engine.gate;

import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person left behind when they closed an account. Whoever returns opens the account, and
 * with it the clock of what is kept from its closing would be lost: what was due by then is deleted
 * first (II.II.3, IV.1, V.3).
 */
final class Leaving {
  private static final int MOST_NAMED = Facts.MAX_VERDICTS;

  private final Parts parts;
  private final Subjects subjects;

  Leaving(Parts parts, Subjects subjects) {
    this.parts = parts;
    this.subjects = subjects;
  }

  /** Deletes, before the person joins {@code product}, what is no longer kept since they left. */
  void forgetBeforeReturn(
      Transaction tx, Person person, SubjectKey key, ProductId product, CompiledPolicy policy) {
    SubjectState state = person.state();
    List<Verdict> deleted = new ArrayList<>();
    List<FieldId> own = due(policy, Scope.PRODUCT, closing(state, product), state.now());
    for (FieldId field : own) {
      add(deleted, field, parts.vault().delete(tx, key.subject(), field, product));
    }
    List<FieldId> shared = due(policy, Scope.ACCOUNT, lastClosing(state), state.now());
    for (FieldId field : shared) {
      add(deleted, field, parts.vault().delete(tx, key.subject(), List.of(field)));
    }
    if (!own.isEmpty()) {
      subjects.removeAliases(tx, key.subject(), codes(own), parts.vault().code(product));
    }
    if (!shared.isEmpty()) {
      subjects.removeAliases(tx, key.subject(), codes(shared));
    }
    if (!deleted.isEmpty()) {
      Facts facts =
          Logbook.byItself(Kind.EXPIRE, state, "retention", Reason.of("retention", "IV.1"))
              .policy(policy.version().toString())
              .product(product.value())
              .verdicts(deleted.subList(0, Math.min(deleted.size(), MOST_NAMED)))
              .build();
      parts.entries().append(tx, key, facts, Detail.of(state.version(), List.of()));
    }
  }

  private List<Short> codes(List<FieldId> fields) {
    return fields.stream().map(field -> parts.vocabulary().code(field.toString())).toList();
  }

  private static void add(List<Verdict> deleted, FieldId field, int count) {
    if (count > 0) {
      deleted.add(
          new Verdict.Granted(
              field.toString(), Optional.empty(), Optional.empty(), Optional.of("IV.1"), count));
    }
  }

  private static @Nullable Instant closing(SubjectState state, ProductId product) {
    return state.memberships().stream()
        .filter(membership -> membership.product().equals(product))
        .map(Membership::closedAt)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** When the last account was closed; null while one is open. */
  private static @Nullable Instant lastClosing(SubjectState state) {
    boolean open = state.memberships().stream().anyMatch(m -> m.closedAt() == null);
    return open
        ? null
        : state.memberships().stream()
            .map(Membership::closedAt)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  private static List<FieldId> due(
      CompiledPolicy policy, Scope scope, @Nullable Instant closed, Instant now) {
    if (closed == null) {
      return List.of();
    }
    List<FieldId> due = new ArrayList<>();
    for (Category category : policy.source().categories()) {
      if (category.scope() == scope) {
        category.fields().stream()
            .map(field -> field.id())
            .filter(field -> isDue(policy, field, closed, now))
            .forEach(due::add);
      }
    }
    return due;
  }

  private static boolean isDue(CompiledPolicy policy, FieldId field, Instant closed, Instant now) {
    for (Retention retention : policy.source().retention()) {
      Instant end = closed.atZone(ZoneOffset.UTC).plus(retention.keep()).toInstant();
      if (retention.from() == From.CLOSING
          && retention.of().contains(field)
          && !now.isBefore(end)) {
        return true;
      }
    }
    return false;
  }
}
