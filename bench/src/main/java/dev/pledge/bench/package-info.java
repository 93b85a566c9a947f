/**
 * Measures Pledge side by side with the plain thing it replaces, in one run on one machine, and
 * checks every answer it times. Its figures are kept in {@code docs/performance.md}.
 *
 * <p>Not for capacity planning: everything, the load too, shares the machine.
 */
@NullMarked
package dev.pledge.bench;

import org.jspecify.annotations.NullMarked;
