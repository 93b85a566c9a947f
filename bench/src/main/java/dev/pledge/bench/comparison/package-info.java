/**
 * Pledge's decision beside two general engines of access control, Cedar and jCasbin, on questions
 * that all three can answer: which of some fields of one person an asker sees for a purpose. Their
 * agreement is checked before anything is timed.
 *
 * <p>Says nothing of what only one of them does; {@code docs/performance.md} lists what was left
 * out, and what the others are handed worked out.
 */
@NullMarked
package dev.pledge.bench.comparison;

import org.jspecify.annotations.NullMarked;
