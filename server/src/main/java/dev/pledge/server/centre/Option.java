package dev.pledge.server.centre;

import java.util.Optional;

/**
 * A switch as it is shown.
 *
 * @param name what it lets happen
 * @param detail the channel, or which data
 * @param state what it stands at, and why, in a few words
 * @param fixed why it cannot be moved here; empty where it can
 * @param choice what a form sends to move it
 */
public record Option(
    String name,
    Optional<String> detail,
    boolean on,
    String state,
    Optional<String> fixed,
    String choice) {}
