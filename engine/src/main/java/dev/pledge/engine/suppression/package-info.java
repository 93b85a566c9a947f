/**
 * Marks of what people objected to who are gone, so that no imported list brings them back as if
 * they had never said no (II.I.5, V.2, V.3).
 *
 * <p>Promises: a mark names nobody and no entry of the log; one that was altered, added or taken
 * away past this package is found, since each row and each tally of rows has a code under a key of
 * the key store.
 *
 * <p>Not for people who live: their choices are the consents' matter.
 */
@NullMarked
package dev.pledge.engine.suppression;

import org.jspecify.annotations.NullMarked;
