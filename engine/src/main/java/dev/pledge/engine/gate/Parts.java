package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.keys.BlindIndex;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the gate share.
 *
 * @param erased whether a person is in the erasure ledger
 * @param sealedUntil until when a person may take their erasure back; empty if they are not sealed
 */
record Parts(
    Policies policies,
    Vocabulary vocabulary,
    SubjectKeys keys,
    Renewing renewing,
    Keeping keeping,
    BlindIndex blindIndex,
    Vault vault,
    People people,
    Logbook logbook,
    Entries entries,
    Predicate<SubjectId> erased,
    Function<SubjectId, Optional<Instant>> sealedUntil,
    TimeOrderedIds ids,
    InstantSource clock) {

  /** The version in force; while none is, the first to come, under which all is refused (IX.2). */
  CompiledPolicy policyAt(Instant now) {
    return policies.inForce(now).orElseGet(policies.versions()::getFirst);
  }

  /**
   * People as one statement found them, each at its place in what was asked for and null where
   * there is nobody, and the policy of that moment.
   */
  record Fetched(CompiledPolicy policy, Fields fields, List<@Nullable Person> people) {
    @Nullable Person first() {
      return people.getFirst();
    }
  }

  /**
   * Fetches people and what {@code wanted} says of their values. The version in force is that of
   * the statement's own moment: where this machine's clock is of another mind, or a version takes
   * effect meanwhile, it is fetched again.
   */
  Fetched fetch(Handle handle, List<SubjectId> subjects, Function<Fields, Wanted> wanted, Hold hold)
      throws SQLException {
    CompiledPolicy policy = policyAt(clock.instant());
    while (true) {
      Fields fields = fields(policy);
      List<@Nullable Person> found =
          people.find(handle.getConnection(), subjects, wanted.apply(fields), hold);
      CompiledPolicy then = policyOf(found).orElse(policy);
      if (then.version().equals(policy.version())) {
        return new Fetched(policy, fields, found);
      }
      policy = then;
    }
  }

  private Optional<CompiledPolicy> policyOf(List<@Nullable Person> found) {
    for (Person person : found) {
      if (person != null) {
        return Optional.of(policyAt(person.state().now()));
      }
    }
    return Optional.empty();
  }

  /** One person without values, or null. */
  @Nullable Person one(Handle handle, SubjectId subject, Hold hold) throws SQLException {
    return people.find(handle.getConnection(), List.of(subject), Wanted.NOTHING, hold).getFirst();
  }

  /**
   * One person held for a change by someone who works for a product of theirs, or null: to anybody
   * else they are nobody (IV.3).
   */
  @Nullable Person theirs(Transaction tx, Caller caller, SubjectId subject, Hold hold)
      throws SQLException {
    Person person = one(tx.handle(), subject, hold);
    return person == null || !person.uses(caller.products()) ? null : person;
  }

  /** Logs, in a transaction, what was asked about an unknown or erased id. */
  Receipt appendUnknown(Transaction tx, Kind kind, Caller caller) {
    return entries.appendAboutNobody(tx, Logbook.unknown(kind, clock.instant(), caller));
  }

  /** The field as the newest version that has it declares it, {@code policy} first of all. */
  Optional<Field> declared(String field, CompiledPolicy policy) {
    return Stream.concat(Stream.of(policy), policies.versions().reversed().stream())
        .flatMap(version -> Optional.ofNullable(version.declared(field)).stream())
        .findFirst();
  }

  Fields fields(CompiledPolicy policy) {
    return new Fields(policy, vocabulary);
  }

  /** The person with the age class of this moment. */
  Person aged(Person person, SubjectKey key, CompiledPolicy policy) {
    SubjectState.Age age = AgeEvidence.ageOf(person, key, person.ageLimits(policy));
    return person.of(age);
  }
}
