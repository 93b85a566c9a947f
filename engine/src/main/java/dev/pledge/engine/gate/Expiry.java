package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Entries.About;
import dev.pledge.engine.gate.Holdings.Holding;
import dev.pledge.engine.gate.Holdings.Owner;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Alias;
import dev.pledge.engine.vault.Vault;
import dev.pledge.engine.vault.Vault.Batch;
import dev.pledge.engine.vault.Vault.Place;
import dev.pledge.engine.vault.Vault.SeriesOf;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Finds what is no longer kept and deletes it (II.II.3, IV.1). Whether a value is due is asked of
 * the same function as at a read, on the same state, by the same clock: the database's. So a sweep
 * deletes nothing that a read would still give, and what it has not come to yet is refused all the
 * same.
 */
public final class Expiry {
  private final Parts parts;
  private final Subjects subjects;
  private final Holdings holdings;
  private final Births births;

  Expiry(Parts parts, Subjects subjects) {
    this.parts = parts;
    this.subjects = subjects;
    this.holdings = new Holdings(parts.vocabulary(), parts.vault());
    this.births = new Births(parts);
  }

  /**
   * Some people who were looked at.
   *
   * @param candidates those who may have something that is due
   * @param last the last who was looked at; empty if there was nobody
   */
  public record Page(List<SubjectId> candidates, Optional<SubjectId> last) {
    public Page {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What was deleted.
   *
   * @param byCategory how many values of each category
   * @param more whether these people have more that is due
   */
  public record Expired(Map<String, Long> byCategory, boolean more) {
    public Expired {
      byCategory = Map.copyOf(byCategory);
    }
  }

  /**
   * How many values of a category are due.
   *
   * @param due all that are due
   * @param late those of them that were due already a period ago
   */
  public record Amount(long due, long late) {
    /** Nothing is due. */
    public static final Amount NONE = new Amount(0, 0);

    /** Both together. */
    public Amount plus(Amount other) {
      return new Amount(due + other.due, late + other.late);
    }
  }

  /** Begins to look, by the database's clock of now. */
  public Walk begin(Handle handle) {
    Instant now =
        handle
            .createQuery("select statement_timestamp()")
            .mapTo(java.sql.Timestamp.class)
            .one()
            .toInstant();
    return new Walk(Terms.at(now, parts.policies(), parts.policyAt(now), parts.vocabulary()));
  }

  /** A walk through people, in the order of their ids. Safe for all threads. */
  public final class Walk {
    private final Terms terms;

    private Walk(Terms terms) {
      this.terms = terms;
    }

    /** The next people after one, up to another. */
    public Page page(Handle handle, UUID after, UUID to, int people) throws SQLException {
      return holdings.page(handle.getConnection(), terms, after, to, people);
    }

    /**
     * Deletes what is due of these people, and enters it in the log, when the transaction commits.
     * What a legal hold is on is set aside for it first.
     *
     * @throws IllegalStateException if something else deletes values without taking the account
     */
    public Expired expire(Transaction tx, List<SubjectId> candidates) throws SQLException {
      // Most who may have something due have not: only those who have are taken for a change.
      List<SubjectId> owing =
          due(tx.handle(), candidates, Set.of()).stream()
              .map(owner -> owner.person().subject())
              .toList();
      if (owing.isEmpty()) {
        return new Expired(Map.of(), false);
      }
      Set<UUID> held =
          People.take(
              tx.handle().getConnection(),
              tx.handle()
                  .getConnection()
                  .createArrayOf("uuid", owing.stream().map(SubjectId::value).toArray()));
      // INVARIANT: decided again under the lock, on what was committed before it was ours.
      List<Owner> due = due(tx.handle(), owing, held);
      forget(tx, due);
      boolean more =
          due.stream().anyMatch(owner -> owner.holdings().size() >= Holdings.MOST_BATCHES);
      return new Expired(counted(due), more);
    }

    /** How much is due of these people; {@code period} makes it late. */
    public Map<String, Amount> count(Handle handle, List<SubjectId> candidates, Duration period)
        throws SQLException {
      Map<String, Amount> counted = new TreeMap<>();
      for (Owner owner : owners(handle, candidates, Set.of())) {
        SubjectState state = owner.person().state();
        Instant before = state.now().minus(period);
        for (Holding holding : owner.holdings()) {
          if (isKept(holding, state)) {
            continue;
          }
          boolean late =
              !holding.collectedAt().isAfter(before) && !isKept(holding, state.at(before));
          Amount amount = new Amount(holding.count(), late ? holding.count() : 0);
          counted.merge(category(holding.field()), amount, Amount::plus);
        }
      }
      return counted;
    }

    /** The people of whom something may be due, each with the values that are. */
    private List<Owner> due(Handle handle, List<SubjectId> candidates, Set<UUID> held)
        throws SQLException {
      List<Owner> due = new ArrayList<>();
      for (Owner owner : owners(handle, candidates, held)) {
        SubjectState state = owner.person().state();
        List<Holding> over =
            owner.holdings().stream().filter(holding -> !isKept(holding, state)).toList();
        if (!over.isEmpty() || births.isOver(owner.person())) {
          due.add(new Owner(owner.person(), over));
        }
      }
      return due;
    }

    private List<Owner> owners(Handle handle, List<SubjectId> candidates, Set<UUID> held)
        throws SQLException {
      if (candidates.isEmpty()) {
        return List.of();
      }
      return holdings.of(handle.getConnection(), terms, candidates, held).stream()
          .filter(owner -> !parts.erased().test(owner.person().subject()))
          .filter(
              owner -> !owner.holdings().isEmpty() || owner.person().age().birthSealed() != null)
          .map(owner -> new Owner(aged(owner.person()), owner.holdings()))
          .toList();
    }
  }

  /** The person with the age class of this moment; the key is needed for few. */
  private Person aged(Person person) {
    CompiledPolicy policy = parts.policyAt(person.state().now());
    if (AgeEvidence.isSettled(person.age(), person.ageLimits(policy))) {
      return person.of(person.age().age());
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      return parts.aged(person, key, policy);
    }
  }

  private boolean isKept(Holding holding, SubjectState state) {
    return parts
        .policies()
        .isKept(holding.field(), holding.product(), holding.collectedAt(), state);
  }

  /** How many values of each category are set aside for legal holds. */
  public Map<String, Long> setAside(Handle handle) {
    Map<String, Long> byCategory = new TreeMap<>();
    parts
        .vault()
        .countSetAside(handle)
        .forEach((field, count) -> byCategory.merge(category(field), count, Long::sum));
    return byCategory;
  }

  private static String category(FieldId field) {
    return field.category().value();
  }

  private void forget(Transaction tx, List<Owner> due) throws SQLException {
    Map<SubjectId, SubjectKey> keys = new HashMap<>();
    try {
      for (Owner owner : due) {
        Person person = owner.person();
        keys.put(person.subject(), parts.keys().unwrap(person.subject(), person.wrapped()));
      }
      for (Owner owner : due) {
        SubjectKey key = Objects.requireNonNull(keys.get(owner.person().subject()));
        parts.keeping().keep(tx, owner.person(), key, owner::has);
      }
      delete(tx, due);
      enter(tx, due, keys);
    } finally {
      keys.values().forEach(SubjectKey::close);
    }
  }

  private void delete(Transaction tx, List<Owner> due) {
    Vault vault = parts.vault();
    List<Place> places = new ArrayList<>();
    List<Alias> aliases = new ArrayList<>();
    List<SeriesOf> series = new ArrayList<>();
    int expected = 0;
    for (Owner owner : due) {
      SubjectId subject = owner.person().subject();
      for (Holding holding : owner.holdings()) {
        expected += holding.count();
        if (holding.series()) {
          Batch batch = new Batch(holding.field(), holding.product(), holding.collectedAt());
          series.add(new SeriesOf(subject, batch));
        } else {
          places.add(new Place(subject, holding.field(), holding.holder()));
          aliases.add(
              new Alias(
                  subject,
                  parts.vocabulary().code(holding.field().toString()),
                  vault.code(holding.holder())));
        }
      }
    }
    int deleted = vault.deletePlaces(tx, places) + vault.deleteSeries(tx, series);
    if (deleted != expected) {
      throw new IllegalStateException(
          "a sweep found "
              + expected
              + " values due and deleted "
              + deleted
              + "; nothing was changed, look for what else writes them");
    }
    subjects.removeAliases(tx, aliases);
  }

  /** Every person's history tells what of theirs is gone, and their key forgets it. */
  private void enter(Transaction tx, List<Owner> due, Map<SubjectId, SubjectKey> keys)
      throws SQLException {
    List<About> entries = new ArrayList<>();
    Map<SubjectKey, Set<Part>> from = new LinkedHashMap<>();
    Map<Person, AgeEvidence> left = new LinkedHashMap<>();
    for (Owner owner : due) {
      Person person = owner.person();
      SubjectKey key = Objects.requireNonNull(keys.get(person.subject()));
      CompiledPolicy policy = parts.policyAt(person.state().now());
      Set<Part> touched = owner.parts();
      Map<FieldId, Integer> fields = new TreeMap<>();
      owner
          .holdings()
          .forEach(holding -> fields.merge(holding.field(), holding.count(), Integer::sum));
      births
          .leftWithout(
              fields.keySet(), person, Optional.ofNullable(person.age().birthSealed()), key, policy)
          .ifPresent(
              after -> {
                touched.add(AgeEvidence.PART);
                left.put(person, after.evidence());
                fields.putIfAbsent(after.told(), 1);
              });
      if (!touched.isEmpty()) {
        from.put(key, touched);
      }
      for (Facts facts : Logbook.expired(person.state(), policy, fields)) {
        entries.add(new About(key, facts, Detail.of(person.state().version(), List.of())));
      }
    }
    parts.renewing().forgetGone(tx, from);
    left.forEach(
        (person, evidence) -> {
          SubjectKey key = Objects.requireNonNull(keys.get(person.subject()));
          CompiledPolicy policy = parts.policyAt(person.state().now());
          subjects.putAge(tx, person.subject(), evidence.leftOf(person, key, policy));
        });
    parts.entries().appendAll(tx, entries);
  }

  private static Map<String, Long> counted(Collection<Owner> due) {
    Map<String, Long> counted = new TreeMap<>();
    for (Owner owner : due) {
      owner
          .holdings()
          .forEach(
              holding ->
                  counted.merge(category(holding.field()), (long) holding.count(), Long::sum));
    }
    return counted;
  }
}
