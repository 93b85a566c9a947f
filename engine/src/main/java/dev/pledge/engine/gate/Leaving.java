package dev.pledge.engine.gate;

import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Alias;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault.Batch;
import dev.pledge.engine.vault.Vault.Deleted;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is no longer kept and in somebody's way (0.1, II.II.3, IV.1, V.3). Whoever returns to a
 * product opens its account, and with it the clock of what is kept from its closing would be lost;
 * whoever accepts the policy stops the clock of what is kept only for so long without; whoever uses
 * a product or agrees again sets back that of what is kept from the last use or the end of a
 * purpose; and an alias that nobody may be found by any more would keep its next owner out. All are
 * deleted first.
 */
final class Leaving {
  private final Parts parts;
  private final Subjects subjects;
  private final Births births;

  Leaving(Parts parts, Subjects subjects) {
    this.parts = parts;
    this.subjects = subjects;
    this.births = new Births(parts);
  }

  /** A field of which nothing is kept: the product's, or where there is none, the account's. */
  private record Due(FieldId field, Optional<ProductId> holder) {
    boolean is(Sealed value) {
      return value.field().equals(field)
          && (holder.isEmpty() || value.product().equals(holder.get()));
    }
  }

  /** Deletes, before the person joins a product, what is no longer kept since they left. */
  void forgetBeforeReturn(Transaction tx, Person person, SubjectKey key, CompiledPolicy policy)
      throws SQLException {
    SubjectState state = person.state();
    Set<Due> due = new LinkedHashSet<>();
    for (Category category : policy.source().categories()) {
      for (Field field : category.fields()) {
        for (ProductId product : holding(state, policy)) {
          // As if collected just now, so that only what runs from the closing is due.
          if (!parts.policies().isKept(field.id(), product, state.now(), state)) {
            due.add(
                new Due(
                    field.id(),
                    category.scope() == Scope.ACCOUNT ? Optional.empty() : Optional.of(product)));
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
  static Set<ProductId> holding(SubjectState state, CompiledPolicy policy) {
    Set<ProductId> products = new LinkedHashSet<>(policy.source().products());
    state.memberships().forEach(membership -> products.add(membership.product()));
    return products;
  }

  /**
   * Deletes, before the person accepts a version, what is no longer kept: for the first time, what
   * was kept only for so long without; later, what a longer term than they agreed to would keep.
   */
  void forgetBeforeAcceptance(
      Transaction tx, Person person, SubjectKey key, CompiledPolicy policy, PolicyVersion version)
      throws SQLException {
    if (person.state().accepted().isEmpty()) {
      forgetBefore(From.UNACCEPTED, tx, person, key, policy);
    }
    if (parts.policies().versions().size() > 1
        && !person.state().accepted().equals(Optional.of(version))) {
      forgetBefore(
          policy.source().categories().stream()
              .flatMap(category -> category.fields().stream())
              .map(Field::id)
              .toList(),
          tx,
          person,
          key,
          policy);
    }
  }

  /** Deletes what is no longer kept by a clock that is about to be stopped or set back. */
  void forgetBefore(
      From clock, Transaction tx, Person person, SubjectKey key, CompiledPolicy policy)
      throws SQLException {
    List<FieldId> fields =
        policy.source().layers().stream()
            .flatMap(terms -> terms.retention().stream())
            .filter(kept -> kept.from() == clock)
            .flatMap(kept -> kept.of().stream())
            .distinct()
            .toList();
    forgetBefore(fields, tx, person, key, policy);
  }

  private void forgetBefore(
      List<FieldId> fields, Transaction tx, Person person, SubjectKey key, CompiledPolicy policy)
      throws SQLException {
    if (fields.isEmpty()) {
      return;
    }
    Person holding =
        parts
            .fetch(
                tx.handle(),
                List.of(person.subject()),
                known -> known.wantedProfile(fields.stream().map(FieldId::toString).toList()),
                Hold.NONE)
            .first();
    if (holding == null) {
      return;
    }
    Person aged = holding.of(person.state().age());
    Set<Due> due =
        aged.values().stream()
            .filter(value -> !isKept(value, aged))
            .map(value -> new Due(value.field(), Optional.ofNullable(value.holder())))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    forget(tx, person, key, policy, due);
    forgetSeries(tx, person, key, policy, fields);
  }

  private void forgetSeries(
      Transaction tx, Person person, SubjectKey key, CompiledPolicy policy, List<FieldId> fields)
      throws SQLException {
    List<FieldId> series =
        fields.stream().filter(field -> parts.fields(policy).isSeries(field.toString())).toList();
    if (series.isEmpty()) {
      return;
    }
    List<Batch> over =
        parts.vault().batches(tx, person.subject(), series).stream()
            .filter(
                batch ->
                    !parts
                        .policies()
                        .isKept(
                            batch.field(), batch.product(), batch.collectedAt(), person.state()))
            .toList();
    if (over.isEmpty()) {
      return;
    }
    parts.keeping().keep(tx, person, key, value -> over.stream().anyMatch(one -> one.has(value)));
    Deleted deleted = parts.vault().deleteBatches(tx, person.subject(), over);
    parts.renewing().forgetGone(tx, key, deleted.parts());
    log(tx, person, key, policy, deleted.counts());
  }

  /**
   * Whether the alias is free for somebody else: it is when its value is no longer kept, and then
   * both are deleted.
   */
  boolean letsGo(Transaction tx, Alias alias) throws SQLException {
    FieldId field = FieldId.of(parts.vocabulary().name(alias.field()));
    Parts.Fetched fetched =
        parts.fetch(
            tx.handle(),
            List.of(alias.subject()),
            fields -> fields.wantedProfile(List.of(field.toString())),
            Hold.FOR_CHANGE);
    Person person = fetched.first();
    if (person == null) {
      // Who may come back comes back with it; once that is over, they are erased first.
      return parts
          .sealedUntil()
          .apply(alias.subject())
          .filter(until -> until.isAfter(parts.clock().instant()))
          .isEmpty();
    }
    Due due = new Due(field, Optional.ofNullable(parts.vault().holder(alias.holder())));
    boolean kept =
        person.values().stream()
            .filter(value -> Optional.ofNullable(value.holder()).equals(due.holder))
            .anyMatch(value -> isKept(value, person));
    if (kept) {
      return false;
    }
    try (SubjectKey key = parts.keys().unwrap(alias.subject(), person.wrapped())) {
      Person aged = parts.aged(person, key, fetched.policy());
      forget(tx, aged, key, fetched.policy(), Set.of(due));
      return true;
    }
  }

  private boolean isKept(Sealed value, Person person) {
    return parts
        .policies()
        .isKept(value.field(), value.product(), value.collectedAt(), person.state());
  }

  private void forget(
      Transaction tx, Person person, SubjectKey key, CompiledPolicy policy, Set<Due> due)
      throws SQLException {
    parts.keeping().keep(tx, person, key, value -> due.stream().anyMatch(one -> one.is(value)));
    Map<Optional<ProductId>, List<FieldId>> byHolder = new LinkedHashMap<>();
    for (Due one : due) {
      byHolder.computeIfAbsent(one.holder, holder -> new ArrayList<>()).add(one.field);
    }
    Map<FieldId, Integer> counts = new TreeMap<>();
    Set<Part> gone = new LinkedHashSet<>();
    byHolder.forEach(
        (holder, fields) -> {
          Deleted deleted = delete(tx, key.subject(), holder, fields);
          deleted.counts().forEach((field, count) -> counts.merge(field, count, Integer::sum));
          gone.addAll(deleted.parts());
        });
    // INVARIANT: read anew, since of one person more than one clock may be stopped at a time.
    Optional<Births.Left> left =
        births.leftWithout(counts.keySet(), person, birth(tx, person), key, policy);
    left.ifPresent(
        after -> {
          gone.add(AgeEvidence.PART);
          counts.putIfAbsent(after.told(), 1);
        });
    parts.renewing().forgetGone(tx, key, gone);
    left.ifPresent(
        after ->
            subjects.putAge(tx, person.subject(), after.evidence().leftOf(person, key, policy)));
    log(tx, person, key, policy, counts);
  }

  private Optional<byte[]> birth(Transaction tx, Person person) {
    return person.age().birthSealed() == null
        ? Optional.empty()
        : subjects.birth(tx.handle(), person.subject());
  }

  private Deleted delete(
      Transaction tx, SubjectId person, Optional<ProductId> holder, List<FieldId> fields) {
    subjects.removeAliases(
        tx,
        person,
        fields.stream().map(field -> parts.vocabulary().code(field.toString())).toList(),
        parts.vault().code(holder.orElse(null)));
    return holder
        .map(product -> parts.vault().delete(tx, person, fields, product))
        .orElseGet(() -> parts.vault().delete(tx, person, fields));
  }

  private void log(
      Transaction tx,
      Person person,
      SubjectKey key,
      CompiledPolicy policy,
      Map<FieldId, Integer> deleted) {
    for (Facts facts : Logbook.expired(person.state(), policy, deleted)) {
      parts.entries().append(tx, key, facts, Detail.of(person.state().version(), List.of()));
    }
  }
}
