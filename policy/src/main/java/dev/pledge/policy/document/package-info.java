/**
 * The policy as people read it: pages and texts made from what the rules declare, so that they
 * cannot say something else (0.3, I.M).
 *
 * <p>Templates in {@code src/main/jte} become classes of this package while it is built; every text
 * they are given is escaped. Pages run no script and fetch nothing but their style sheet. Nothing
 * here decides, and nothing here knows a person.
 */
@NullMarked
package dev.pledge.policy.document;

import org.jspecify.annotations.NullMarked;
