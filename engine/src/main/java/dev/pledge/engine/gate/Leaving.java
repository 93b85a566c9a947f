package dev.pledge.engine.gate;

import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is no longer kept and in somebody's way (0.1, II.II.3, IV.1, V.3). Whoever returns to a
 * product opens its account, and with it the clock of what is kept from its closing would be lost;
 * whoever accepts the policy stops the clock of what is kept only for so long without; and an alias
 * that nobody may be found by any more would keep its next owner out. All are deleted first.
 */
final class Leaving {
  private static final int MOST_NAMED = Facts.MAX_VERDICTS;

  private final Parts parts;
  private final Subjects subjects;

  Leaving(Parts parts, Subjects subjects) {
    this.parts = parts;
    this.subjects = subjects;
  }

  /** A field of which nothing is kept: the product's, or, where that is null, the account's. */
  private record Due(FieldId field, @Nullable ProductId holder) {}

  /** Deletes, before the person joins a product, what is no longer kept since they left. */
  void forgetBeforeReturn(Transaction tx, Person person, SubjectKey key, CompiledPolicy policy) {
    SubjectState state = person.state();
    Set<Due> due = new LinkedHashSet<>();
    for (Category category : policy.source().categories()) {
      for (Field field : category.fields()) {
        for (ProductId product : holding(state, policy)) {
          // As if collected just now, so that only what runs from the closing is due.
          if (!policy.isKept(field.id(), product, state.now(), state)) {
            due.add(new Due(field.id(), category.scope() == Scope.ACCOUNT ? null : product));
          }
        }
      }
    }
    forget(tx, person, key, policy, due);
  }

  /**
   * The products that may hold something: those used, and those never used, of which the general
   * one and what the law orders to be stored end with the last account.
   */
  private static Set<ProductId> holding(SubjectState state, CompiledPolicy policy) {
    Set<ProductId> products = new LinkedHashSet<>(policy.source().products());
    state.memberships().forEach(membership -> products.add(membership.product()));
    return products;
  }

  /**
   * Deletes, before the person accepts the policy for the first time, what was kept only for so
   * long without.
   */
  void forgetBeforeAcceptance(Transaction tx, Person person, SubjectKey key, CompiledPolicy policy)
      throws SQLException {
    List<String> waiting =
        policy.source().retention().stream()
            .filter(kept -> kept.from() == From.UNACCEPTED)
            .flatMap(kept -> kept.of().stream())
            .map(FieldId::toString)
            .distinct()
            .toList();
    if (person.state().accepted().isPresent() || waiting.isEmpty()) {
      return;
    }
    Person holding =
        parts
            .fetch(
                tx.handle(),
                List.of(person.subject()),
                fields -> fields.wantedProfile(waiting),
                Hold.NONE)
            .first();
    if (holding != null) {
      forget(tx, person, key, policy, due(holding, policy));
    }
  }

  private static Set<Due> due(Person person, CompiledPolicy policy) {
    Set<Due> due = new LinkedHashSet<>();
    for (Sealed value : person.values()) {
      if (!policy.isKept(value.field(), value.product(), value.collectedAt(), person.state())) {
        due.add(new Due(value.field(), value.holder()));
      }
    }
    return due;
  }

  /**
   * Whether the alias that {@code holder} has is free for somebody else: it is when its value is no
   * longer kept, and then it is deleted.
   */
  boolean letsGo(Transaction tx, SubjectId holder, FieldId alias) throws SQLException {
    Parts.Fetched fetched =
        parts.fetch(
            tx.handle(),
            List.of(holder),
            fields -> fields.wantedProfile(List.of(alias.toString())),
            Hold.FOR_CHANGE);
    Person person = fetched.first();
    if (person == null) {
      return true;
    }
    Set<Due> due = due(person, fetched.policy());
    if (due.size() < person.values().size()) {
      return false;
    }
    try (SubjectKey key = parts.keys().unwrap(holder, person.wrapped())) {
      forget(tx, person, key, fetched.policy(), due);
      return true;
    }
  }

  private void forget(
      Transaction tx, Person person, SubjectKey key, CompiledPolicy policy, Set<Due> due) {
    Map<FieldId, Integer> deleted = new LinkedHashMap<>();
    for (Due one : due) {
      int count = delete(tx, key.subject(), one);
      if (count > 0) {
        deleted.merge(one.field, count, Integer::sum);
      }
    }
    if (!deleted.isEmpty()) {
      Facts facts =
          Logbook.byItself(Kind.EXPIRE, person.state(), "retention", Reason.of("retention", "IV.1"))
              .policy(policy.version().toString())
              .verdicts(verdicts(deleted))
              .build();
      parts.entries().append(tx, key, facts, Detail.of(person.state().version(), List.of()));
    }
  }

  private int delete(Transaction tx, SubjectId person, Due due) {
    ProductId holder = due.holder;
    int count =
        holder == null
            ? parts.vault().delete(tx, person, List.of(due.field))
            : parts.vault().delete(tx, person, due.field, holder);
    if (count > 0) {
      List<Short> field = List.of(parts.vocabulary().code(due.field.toString()));
      subjects.removeAliases(tx, person, field, parts.vault().code(holder));
    }
    return count;
  }

  private static List<Verdict> verdicts(Map<FieldId, Integer> deleted) {
    List<Verdict> verdicts = new ArrayList<>();
    deleted.forEach(
        (field, count) ->
            verdicts.add(
                new Verdict.Granted(
                    field.toString(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("IV.1"),
                    count)));
    return verdicts.subList(0, Math.min(verdicts.size(), MOST_NAMED));
  }
}
