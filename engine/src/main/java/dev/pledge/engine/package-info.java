/**
 * Pledge itself: one facade over the engine, and the one place where everything is wired. A program
 * that wants a policy kept opens a {@link dev.pledge.engine.Pledge} and uses nothing beneath it but
 * the records its methods take and give.
 */
@NullMarked
package dev.pledge.engine;

import org.jspecify.annotations.NullMarked;
