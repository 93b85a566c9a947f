/**
 * Sends messages to people by e-mail, through a mail server of the operator's own choice.
 *
 * <p>Promises: the address is read when a message is sent, by the gate and for a purpose of the
 * policy, so that the person's history has it; a letter says what its template says, and links, and
 * no value of the person's; what does not go is tried again for a day and then listed as failed.
 *
 * <p>Not for what waits to be sent, which is kept by messages, and not for promotion.
 */
@NullMarked
package dev.pledge.engine.mail;

import org.jspecify.annotations.NullMarked;
