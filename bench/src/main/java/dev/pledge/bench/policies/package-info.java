/**
 * Policies of any size and a question to each, for measurements that ask how cost grows; and what
 * reading, checking and compiling them costs.
 *
 * <p>Not for tests of meaning: what is generated says little, and says it many times.
 */
@NullMarked
package dev.pledge.bench.policies;

import org.jspecify.annotations.NullMarked;
