/**
 * What people get in their own right (V.1 to V.5): to see what is held of them, with why and until
 * when, and to take all of it along; and what they ask for: access, correction, deletion,
 * restriction, objection, closing, complaints and appeals.
 *
 * <p>Promises: what is shown and exported is what the gate handed over under its log entry, every
 * text stands escaped, and a file that broke off shows it. A request has a number and clocks by the
 * policy in force when it came, and outlives restarts; nothing that reveals or removes is granted
 * before it was seen who asks; an appeal is decided by somebody else; each change of a request
 * commits with its log entry; what is granted is done by the gate and the erasure and by nothing
 * else, and when that fails it is said where and why, and can be run again.
 *
 * <p>Not for deciding who may ask, which is the gate's, nor for delivering messages, nor for pages.
 */
@NullMarked
package dev.pledge.engine.rights;

import org.jspecify.annotations.NullMarked;
