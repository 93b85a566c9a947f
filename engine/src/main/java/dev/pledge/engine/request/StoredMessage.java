package dev.pledge.engine.request;

import dev.pledge.policy.names.ActorId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A message on a request, sealed.
 *
 * @param author who of the staff wrote it; empty if the person did
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record StoredMessage(UUID id, Instant at, Optional<ActorId> author, byte[] sealed) {}
