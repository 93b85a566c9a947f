/**
 * The HTTP interface: reads requests strictly, hands them to the engine, and says what came out.
 * Thin: it translates and never decides. Every answer carries the security headers; every error is
 * a problem document (RFC 9457) with a stable type, a sentence for people in English or Chinese
 * and, where a rule of the policy decided, its clause. No answer repeats the offending input, names
 * a class of ours or shows a stack.
 *
 * <p>Every call has limits: the size and depth of its body, the fields it may name, the number of
 * calls at work, the time it may take, and the refusals one caller may collect. What is over is
 * answered at once and never queued. Every read of a connection has a deadline, so that sending
 * slowly holds nothing for long.
 *
 * <p>Keeps no clause by itself: the clauses of its answers are the engine's. Not for deciding, for
 * storing or for pages people sign in to.
 */
@NullMarked
package dev.pledge.server.http;

import org.jspecify.annotations.NullMarked;
