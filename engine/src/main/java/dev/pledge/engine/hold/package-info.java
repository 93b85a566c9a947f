/**
 * Legal holds: what the law has kept about a person for a purpose of its own, by whose order, on
 * what, until when (II.I.7, II.II.3). What a hold covers and is about to go is set aside for it by
 * the gate, under a key of the hold's own; the vault keeps it.
 *
 * <p>Promises: a hold is found by the person as long as there is one, and by its id afterwards; it
 * ends on its date, by the database's clock.
 *
 * <p>Not for deciding who may place, open or lift a hold: the policy says that, and the gate asks
 * it.
 */
@NullMarked
package dev.pledge.engine.hold;

import org.jspecify.annotations.NullMarked;
