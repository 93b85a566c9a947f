/**
 * Watching (IV.2, IV.3): rules look at every entry of the log in the order of its positions and
 * raise alarms for unusual access; people acknowledge them. No entry is skipped, and none raises an
 * alarm twice, whatever is started again in between. An alarm names an actor, a rule, counts and
 * positions of the log, never a person whose data it was.
 *
 * <p>Not for stopping anything: an alarm tells people, what may be done is the policy's.
 */
@NullMarked
package dev.pledge.engine.watch;

import org.jspecify.annotations.NullMarked;
