/**
 * What people ask for in their own right: access, correction, deletion, restriction, objection,
 * closing, complaints and appeals (V.1 to V.5).
 *
 * <p>Promises: a request has a number and clocks by the policy in force when it came, and outlives
 * restarts; nothing that reveals or removes is granted before it was seen who asks; an appeal is
 * decided by somebody else; each change of a request commits with its log entry; what is granted is
 * done by the gate and the erasure and by nothing else, and when that fails it is said where and
 * why, and can be run again.
 *
 * <p>Not for delivering messages, nor for pages.
 */
@NullMarked
package dev.pledge.engine.rights;

import org.jspecify.annotations.NullMarked;
