/**
 * The values themselves, each sealed under its person's key and bound to its place (I.0, IV.2,
 * IV.4). The vault opens and stores only for a permit, and opens only once the log has the entry.
 *
 * <p>Not for deciding (policy) nor for keeping keys (keys).
 */
@NullMarked
package dev.pledge.engine.vault;

import org.jspecify.annotations.NullMarked;
