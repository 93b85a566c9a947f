package dev.pledge.engine.gate;

import dev.pledge.engine.keys.BlindIndex;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.SubjectState;
import java.time.Instant;
import java.time.InstantSource;

/** What the parts of the gate share. */
record Parts(
    Policies policies,
    Vocabulary vocabulary,
    SubjectKeys keys,
    BlindIndex blindIndex,
    Vault vault,
    People people,
    Logbook logbook,
    Entries entries,
    InstantSource clock) {

  /** The version in force. */
  CompiledPolicy policyAt(Instant now) {
    return policies
        .inForce(now)
        .orElseThrow(
            () -> new IllegalStateException("no policy version is in force yet; check its dates"));
  }

  Fields fields(CompiledPolicy policy) {
    return new Fields(policy, vocabulary);
  }

  /** The person with the age class of this moment. */
  Person aged(Person person, SubjectKey key, CompiledPolicy policy) {
    SubjectState.Age age = Ages.of(person, key, policy.source().minors());
    SubjectState state = person.state();
    if (age == state.age()) {
      return person;
    }
    return person.with(
        new SubjectState(
            state.subject(),
            state.version(),
            state.now(),
            state.status(),
            state.memberships(),
            state.accepted(),
            age,
            state.choices(),
            state.suppressed()));
  }
}
