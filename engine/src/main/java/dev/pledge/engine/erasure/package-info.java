/**
 * The one way to forget a person (II.II.3, V.1, V.3): ledger first, then key, values, choices,
 * aliases and the pointers from the person to the log, in one transaction with the log entry. Who
 * is in the ledger is forgotten again whenever an older copy of the data is started. Reviews of
 * emergency uses stay, without the person (II.I.7).
 *
 * <p>Where the policy lets people take an erasure back, they are sealed first: in the ledger and
 * nowhere found, with everything in its place, until they come back or the time is over (V.3).
 *
 * <p>Promises today that the live database holds nothing of the person and that no key opens what
 * did. Old backups of the database stay readable to whoever also holds the epoch's key, until the
 * epoch is destroyed.
 */
@NullMarked
package dev.pledge.engine.erasure;

import org.jspecify.annotations.NullMarked;
