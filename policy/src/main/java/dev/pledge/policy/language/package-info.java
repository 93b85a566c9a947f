/**
 * The policy language: from the files an author writes to a {@link
 * dev.pledge.policy.decision.Policy}, or to every problem found in them, each with its place and
 * what to write instead. Whatever the input, the answer is a value and comes in bounded time.
 *
 * <p>Keeps I.M, 0.3, III.I.5 and IV.4 by refusing policies that break them, and checks that the
 * rules of a policy and the words people read name the same clauses. Not for deciding ({@code
 * decision}) nor for showing a policy to people ({@code document}).
 */
@NullMarked
package dev.pledge.policy.language;

import org.jspecify.annotations.NullMarked;
