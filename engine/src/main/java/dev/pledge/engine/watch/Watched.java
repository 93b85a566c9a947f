package dev.pledge.engine.watch;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a log has been watched.
 *
 * @param log its name
 * @param entries how many entries, from the first on
 * @param at time of the last of them
 */
public record Watched(String log, long entries, Optional<Instant> at) {}
