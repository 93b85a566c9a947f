/**
 * Data subjects: their accounts, memberships, acceptance of the policy and the aliases they are
 * found by (0.1, II.II.3, V.3). Aliases are kept only as keyed hashes.
 *
 * <p>Not for values (vault), choices (consent) or keys.
 */
@NullMarked
package dev.pledge.engine.subject;

import org.jspecify.annotations.NullMarked;
