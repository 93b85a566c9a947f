/**
 * Sweeps: deletes what is no longer kept, and reports what is due, done, held and late (II.II.3,
 * IV.1, V.1, V.3).
 *
 * <p>Whether a value is kept is decided by the policy and asked at every read, so nothing depends
 * on a sweep being in time; a sweep only makes what is refused disappear. It walks all people in
 * batches, each of one transaction with its log entries, can be cut off anywhere and goes on where
 * it was, and any number of nodes share one round without working twice.
 *
 * <p>Not for erasing people, nor for single values in somebody's way: those are deleted where they
 * are met.
 */
@NullMarked
package dev.pledge.engine.retention;

import org.jspecify.annotations.NullMarked;
