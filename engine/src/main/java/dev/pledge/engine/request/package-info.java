/**
 * Rights requests as they lie in the database: what was asked, messages, documents, clocks (V.1 to
 * V.5).
 *
 * <p>Promises: every text and document in it is sealed; rows go with their person.
 *
 * <p>Not for deciding what may become of a request, nor for opening what is sealed.
 */
@NullMarked
package dev.pledge.engine.request;

import org.jspecify.annotations.NullMarked;
