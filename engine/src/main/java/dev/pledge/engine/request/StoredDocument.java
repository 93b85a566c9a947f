package dev.pledge.engine.request;

import java.time.Instant;
import java.util.UUID;

/**
 * A document that was handed in with a request, without its content.
 *
 * @param size in bytes
 */
public record StoredDocument(UUID id, Instant at, DocumentType type, int size) {}
