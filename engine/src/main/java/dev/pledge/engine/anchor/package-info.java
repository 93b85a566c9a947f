/**
 * Places outside of the database that are told of a log's checkpoints, so that a log that is put
 * back or written anew contradicts somebody else's memory: a file on another machine, an HTTP
 * endpoint, e-mail, and witnesses that cosign (C2SP tlog-witness).
 *
 * <p>Promises: nothing but a checkpoint and a proof of consistency leaves the house; every call
 * ends within a stated time, whatever the other side does; what comes back is bounded and verified,
 * and counts for nothing until it is.
 *
 * <p>Keeps, for its part, IV.2 and V.1. Not for when an anchor is told, nor for what is kept of it:
 * that is the log's.
 */
@NullMarked
package dev.pledge.engine.anchor;

import org.jspecify.annotations.NullMarked;
