package dev.pledge.engine.subject;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import org.jspecify.annotations.Nullable;

/**
 * A person about to be registered.
 *
 * @param birthSealed the birth date sealed under the person's key, or null if unknown
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record NewSubject(
    SubjectId subject,
    ProductId product,
    Age age,
    byte @Nullable [] birthSealed,
    @Nullable String jurisdiction) {}
