/**
 * The decision: whether an actor may collect, read or share fields of a person, for a purpose, now,
 * and how clearly they are seen. Pure functions over a {@link
 * dev.pledge.policy.decision.CompiledPolicy}: total, deterministic, independent of order, without
 * clock, input or output. What is not declared is refused.
 *
 * <p>Keeps 0.1, I.0 to I.5, II.I.1 to II.I.9, II.II.1 to II.II.3, II.II.5, II.II.6, IV.1, IV.3,
 * IV.4, V.1, V.2, VI.1, VI.4 and IX.2. Not for reading policy files ({@code language}) nor for
 * opening values (the engine's gate): a {@link dev.pledge.policy.decision.Permit} stops mistakes,
 * not hostile code in the same JVM.
 */
@NullMarked
package dev.pledge.policy.decision;

import org.jspecify.annotations.NullMarked;
