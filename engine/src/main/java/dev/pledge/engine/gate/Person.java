package dev.pledge.engine.gate;

import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.subject.StoredAge;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.AgeLimits;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person as one statement found them: their state, their wrapped key and the asked values, still
 * sealed.
 *
 * @param state with the age class as stored; see {@link AgeEvidence}
 * @param age what the account says of the person's age
 * @param jurisdiction the country, or the part of one, where they are; null if nobody knows
 * @param held whether a legal hold is on them; known of those alone who are taken for a change
 */
record Person(
    SubjectState state,
    WrappedKey wrapped,
    StoredAge age,
    @Nullable String jurisdiction,
    Instant createdAt,
    boolean held,
    List<Sealed> values) {

  private static final ProductId GENERAL = new ProductId(CompiledPolicy.GENERAL);

  SubjectId subject() {
    return state.subject();
  }

  /** Whether they use, or have used, one of these products; everybody uses `general`. */
  boolean uses(Set<ProductId> products) {
    return products.contains(GENERAL)
        || state.memberships().stream().anyMatch(m -> products.contains(m.product()));
  }

  /** The values of the field that were fetched. */
  List<Sealed> held(FieldId field) {
    return values.stream().filter(value -> value.field().equals(field)).toList();
  }

  /** Up to what age the policy takes them for a child. */
  AgeLimits ageLimits(CompiledPolicy policy) {
    return policy.source().minors().in(jurisdiction);
  }

  /** The same person as of another age class. */
  Person of(SubjectState.Age other) {
    return other == state.age() ? this : in(state.of(other));
  }

  /** The same person in another state. */
  Person in(SubjectState other) {
    return new Person(other, wrapped, age, jurisdiction, createdAt, held, values);
  }
}
