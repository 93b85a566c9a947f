/**
 * What people get in their own right: to see what is held of them, with why and until when, and to
 * take all of it along (V.1, V.2).
 *
 * <p>Promises: what is shown and exported is what the gate handed over under its log entry; every
 * text stands escaped; a file that broke off shows it; nothing is kept. Not for deciding who may
 * ask, which is the gate's, nor for pages of a server.
 */
@NullMarked
package dev.pledge.engine.rights;

import org.jspecify.annotations.NullMarked;
