package dev.pledge.engine.gate;

import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person as one statement found them: their state, their wrapped key and the asked values, still
 * sealed.
 *
 * @param state with the age class as stored; see {@link Ages}
 * @param birthSealed the sealed birth date, or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Person(
    SubjectState state,
    WrappedKey wrapped,
    byte @Nullable [] birthSealed,
    @Nullable String jurisdiction,
    Instant createdAt,
    List<Sealed> values) {

  SubjectId subject() {
    return state.subject();
  }

  Person with(SubjectState newer) {
    return new Person(newer, wrapped, birthSealed, jurisdiction, createdAt, values);
  }
}
