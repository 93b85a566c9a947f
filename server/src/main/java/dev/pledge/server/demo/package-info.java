/**
 * A world to try Pledge on: a thousand invented people, put in through the same gate as real ones,
 * and calls to paste. Nobody in it exists: names are put together at random, addresses end in
 * {@code example}, telephone numbers come from ranges kept free for fiction.
 *
 * <p>Keeps no clause by itself. Not for anything that is not a demonstration.
 */
@NullMarked
package dev.pledge.server.demo;

import org.jspecify.annotations.NullMarked;
