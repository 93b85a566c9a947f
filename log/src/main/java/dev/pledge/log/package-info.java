/**
 * The verifiable log's leaves: what an {@link dev.pledge.log.Entry} says, its canonical bytes
 * (format version 1, {@code docs/log-format.md}) and its leaf hash (RFC 9162 §2.1.1). And what is
 * signed about them: a {@link dev.pledge.log.Checkpoint} in a {@link dev.pledge.log.SignedNote},
 * which witnesses cosign (C2SP signed-note, tlog-checkpoint and tlog-cosignature). Pure: no clock,
 * no randomness, no database, and nothing else of ours.
 *
 * <p>Promises: an entry has exactly one encoding, and bytes that are not the encoding of an entry
 * are refused; text outside {@link dev.pledge.log.Detail} is a name in a tight lower-case form,
 * which no e-mail address, telephone number or sentence fits. A note has exactly one encoding too;
 * its text is handed out as verified only where a known key has signed it and no known key's
 * signature is wrong.
 *
 * <p>Keeps, for its part, IV.2, IV.3 and V.1. Not for deciding, sealing or storing; whether a name
 * is one the policy knows is for whoever writes the entry to see to.
 */
@NullMarked
package dev.pledge.log;

import org.jspecify.annotations.NullMarked;
