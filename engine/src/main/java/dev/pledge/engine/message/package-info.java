/**
 * Messages to people: codes they asked for, and what they are told of their requests, their
 * sessions and the policy (V.1, V.2, V.4, IX.2). They wait here until they are sent by e-mail.
 *
 * <p>Promises: a message is there as soon as its cause is; it holds no value of the person's and no
 * address, what fills it is sealed, and it goes with its person.
 *
 * <p>Not for sending them, nor for what recipients are told, which is the outbox.
 */
@NullMarked
package dev.pledge.engine.message;

import org.jspecify.annotations.NullMarked;
