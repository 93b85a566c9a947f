/**
 * What people agreed to and refused: append-only events with evidence, and what they amount to now
 * (II.I.5, II.I.9, II.II.6, V.2). A withdrawal that was acknowledged is seen by every decision that
 * starts after it, since decisions read the state from the database and nowhere else.
 *
 * <p>Not for acceptance of the policy (subject), nor for deciding what a choice allows (policy).
 */
@NullMarked
package dev.pledge.engine.consent;

import org.jspecify.annotations.NullMarked;
