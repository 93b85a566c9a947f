package dev.pledge.engine.audit;

import dev.pledge.log.Hash;
import java.time.Instant;
import java.util.UUID;

/**
 * Says that an entry is durable in this database, to be integrated into the named log. It is not
 * signed and proves nothing to an outsider.
 *
 * @param log the log's name
 * @param entry the entry's id
 * @param leaf the entry's leaf hash
 * @param at when it was decided, as the entry says
 */
public record Receipt(String log, UUID entry, Hash leaf, Instant at) {}
