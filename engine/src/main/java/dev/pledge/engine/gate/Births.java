package dev.pledge.engine.gate;

import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** For how long what was told of a person's birth is kept with their account (II.II.3, IV.1). */
final class Births {
  private final Parts parts;

  Births(Parts parts) {
    this.parts = parts;
  }

  /**
   * What is left of the evidence, and a field that told what is not.
   *
   * @param told of the fields that tell an age, the first that goes with values or evidence
   */
  record Left(AgeEvidence evidence, FieldId told) {}

  /**
   * Whether it is kept no more: where nothing that tells an age would be, had it come with the
   * account.
   */
  boolean isOver(Person person) {
    if (person.age().birthSealed() == null) {
      return false;
    }
    SubjectState state = person.state();
    CompiledPolicy policy = parts.policyAt(state.now());
    Set<ProductId> products = Leaving.holding(state, policy);
    return policy.source().minors().ageFrom().stream()
        .noneMatch(
            field ->
                products.stream()
                    .anyMatch(
                        product ->
                            parts.policies().isKept(field, product, person.createdAt(), state)));
  }

  /**
   * What is left of it once values of some fields go, because they are no longer kept; empty if all
   * of it is.
   *
   * @param sealed the evidence as it is stored at this moment
   * @param key opens it
   */
  Optional<Left> leftWithout(
      Collection<FieldId> gone,
      Person person,
      Optional<byte[]> sealed,
      SubjectKey key,
      CompiledPolicy policy) {
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    TreeSet<FieldId> telling = new TreeSet<>(policy.source().minors().ageFrom());
    if (!isOver(person)) {
      telling.retainAll(gone);
    }
    if (telling.isEmpty()) {
      return Optional.empty();
    }
    AgeEvidence before = AgeEvidence.of(sealed, person.subject(), key);
    AgeEvidence after = before.deleted(telling, person, policy);
    return after.equals(before)
        ? Optional.empty()
        : Optional.of(new Left(after, telling.getFirst()));
  }
}
