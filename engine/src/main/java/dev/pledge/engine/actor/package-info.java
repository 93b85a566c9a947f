/**
 * Whoever asks: services, staff, partners, auditors; their tokens, confidentiality undertakings,
 * and the answers kept for their retries (IV.3).
 *
 * <p>Not for data subjects, and not for deciding: it states who an actor is, the policy decides.
 */
@NullMarked
package dev.pledge.engine.actor;

import org.jspecify.annotations.NullMarked;
