/**
 * Writes down what was done: every answer, refusal and change becomes an entry of the log, durable
 * before anybody hears of it.
 *
 * <p>Promises: a change and its entry commit together or not at all; a {@link
 * dev.pledge.engine.audit.Receipt} is made here alone and says whether its entry is durable or
 * commits with its transaction; without a durable one the caller has nothing to show and gives
 * nothing away; what waits to be written is bounded, in number and in time; a person's history is
 * complete for as long as the person is known, and gone, with every pointer from person to entry,
 * once {@link dev.pledge.engine.audit.Audit#erase} commits.
 *
 * <p>Keeps, for its part, II.II.3, IV.2, IV.3 and V.1. Not for deciding what is logged, nor for
 * keys: marks and seals come from outside. Entries have no place in a tree yet, so nothing here
 * proves anything to an outsider.
 */
@NullMarked
package dev.pledge.engine.audit;

import org.jspecify.annotations.NullMarked;
