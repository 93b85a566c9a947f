/**
 * How people sign in to the Privacy Centre, and stay signed in (V.1, V.4): links that a product
 * hands them over with, and sessions that they see and end.
 *
 * <p>What opens either is 256 random bits, shown once and kept as SHA-256 alone. Not for actors,
 * who have tokens, and not for deciding what a person may see: that is the gate's.
 */
@NullMarked
package dev.pledge.engine.signin;

import org.jspecify.annotations.NullMarked;
