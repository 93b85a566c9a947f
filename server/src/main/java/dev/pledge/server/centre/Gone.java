package dev.pledge.server.centre;

import java.util.Optional;

/**
 * An erasure that was made.
 *
 * @param until the day until which it can be taken back
 * @param certificate as it is signed
 */
public record Gone(Optional<String> until, String certificate) {}
