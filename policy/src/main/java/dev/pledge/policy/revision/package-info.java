/**
 * What changes between two versions of a policy: what is material, what only narrows, what is a
 * matter of words, and which consents end with it (IX.1, II.II.6). Compares what versions declare;
 * decides nothing and knows no person.
 */
@NullMarked
package dev.pledge.policy.revision;

import org.jspecify.annotations.NullMarked;
