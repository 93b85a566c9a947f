package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.keys.BlindIndex;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the gate share.
 *
 * @param erased whether a person is in the erasure ledger
 */
record Parts(
    Policies policies,
    Vocabulary vocabulary,
    SubjectKeys keys,
    BlindIndex blindIndex,
    Vault vault,
    People people,
    Logbook logbook,
    Entries entries,
    Predicate<SubjectId> erased,
    InstantSource clock) {

  /** The version in force; while none is, the first to come, under which all is refused (IX.2). */
  CompiledPolicy policyAt(Instant now) {
    return policies.inForce(now).orElseGet(policies.versions()::getFirst);
  }

  /** One person, or null. */
  @Nullable Person one(Handle handle, SubjectId subject, Wanted wanted, Hold hold)
      throws SQLException {
    return people.find(handle.getConnection(), List.of(subject), wanted, hold).getFirst();
  }

  /** One person, held for a change in the transaction, or null. */
  @Nullable Person one(Transaction tx, SubjectId subject, Wanted wanted, Hold hold)
      throws SQLException {
    return one(tx.handle(), subject, wanted, hold);
  }

  /** Logs, in a transaction, what was asked about an unknown or erased id. */
  Receipt appendUnknown(Transaction tx, Kind kind, Caller caller) {
    return entries.appendAboutNobody(tx, Logbook.unknown(kind, clock.instant(), caller));
  }

  Fields fields(CompiledPolicy policy) {
    return new Fields(policy, vocabulary);
  }

  /** The person with the age class of this moment. */
  Person aged(Person person, SubjectKey key, CompiledPolicy policy) {
    SubjectState.Age age = AgeEvidence.ageOf(person, key, policy.source().minors());
    return person.of(age);
  }
}
