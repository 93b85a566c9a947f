/**
 * Messages that wait for recipients: that something they may hold is erased, deleted or corrected,
 * or its purpose withdrawn (V.1, V.2, III.I.1).
 *
 * <p>Promises: a message is there as soon as its cause is, and once for each recipient; it holds no
 * personal value and names neither a person nor an entry of the log.
 *
 * <p>Not for delivering them, which comes with sharing.
 */
@NullMarked
package dev.pledge.engine.outbox;

import org.jspecify.annotations.NullMarked;
