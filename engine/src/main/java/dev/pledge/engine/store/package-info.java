/**
 * Keeps rows: one way to read, one way to change, and the PostgreSQL server underneath.
 *
 * <p>Promises: a change is done whole or not at all, and its caller learns which, or learns that
 * nobody can know ({@link dev.pledge.engine.store.CommitUnknown}); an unreachable database is told
 * from every other failure; no failure carries a value of a statement in its message, causes or
 * suppressed exceptions; the schema is the one this build was written for.
 *
 * <p>Keeps V.1 (security of what is stored) for its part: the embedded server asks for a password,
 * runs without rights of its own, and the application's role can neither read nor write the
 * server's files.
 *
 * <p>Not for knowing what a row means, and not for encryption: what arrives here in the clear is
 * stored in the clear.
 */
@NullMarked
package dev.pledge.engine.store;

import org.jspecify.annotations.NullMarked;
