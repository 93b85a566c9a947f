/**
 * The pages of the Privacy Centre (V.1–V.5): what people read, in English and Chinese, from what
 * they are given. No page has a script, or fetches anything from elsewhere; all keep to
 * docs/design.md.
 *
 * <p>Not for requests, sessions and forms, which are the door's, and not for deciding.
 */
@NullMarked
package dev.pledge.server.centre;

import org.jspecify.annotations.NullMarked;
