/**
 * The one door to personal data: collecting, reading, finding, listing. Nothing else builds the
 * state a decision rests on, and nothing else touches plaintext. The order is always the same:
 * fetch, decide, append to the log, decrypt, mask, answer; no decision or no log entry means no
 * data (0.1, I.*, II.*, IV.1, IV.3, V.2, VI.1).
 *
 * <p>Not for erasing (erasure) and not for what the rules are (policy).
 */
@NullMarked
package dev.pledge.engine.gate;

import org.jspecify.annotations.NullMarked;
