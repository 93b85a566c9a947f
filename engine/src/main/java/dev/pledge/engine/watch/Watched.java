package dev.pledge.engine.watch;

import java.time.Instant;
import java.util.Optional;

/**
 * How far the log has been watched.
 *
 * @param entries how many entries, from the first on
 * @param at time of the last of them
 */
public record Watched(long entries, Optional<Instant> at) {}
