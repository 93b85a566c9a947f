package dev.pledge.policy.decision;

import org.jspecify.annotations.Nullable;

/**
 * A question with its names resolved against one policy: everything that does not depend on the
 * person is already decided. Indices are dense; {@code -1} stands for an undeclared name.
 *
 * @param refused the reason of rules {@code DECLARED} and {@code NEED_TO_KNOW} that refuses the
 *     whole question, or null
 * @param first per field, a verdict of those rules, or {@link Verdict#NONE}
 * @param listed per field, a verdict of rule {@code PURPOSE}, or {@link Verdict#NONE}
 * @param last per field, a verdict of rules {@code CONDITIONS} and {@code VIEW}, or the view
 * @param lastSensitive the same where every field counts as sensitive
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Resolved(
    Question question,
    int purpose,
    int product,
    @Nullable Reason refused,
    int[] fields,
    byte[] first,
    byte[] listed,
    byte[] last,
    byte[] lastSensitive) {}
