package dev.pledge.engine.subject;

import dev.pledge.policy.decision.SubjectState.Age;
import org.jspecify.annotations.Nullable;

/**
 * What an account says of a person's age (VI.1).
 *
 * @param age the class when it was stored
 * @param adultAt the age in years from which people counted as adults then; whoever was an adult
 *     still is while the policy asks for no more
 * @param birthSealed what the class was computed from, sealed under the person's key; null if
 *     nothing is known, or no longer
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record StoredAge(Age age, int adultAt, byte @Nullable [] birthSealed) {}
