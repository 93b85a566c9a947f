package dev.pledge.engine.keys;

import java.time.Instant;

/**
 * A key that has signed the log and signs it no more.
 *
 * @param publicKey its 32 bytes (Ed25519) in base64
 * @param until when it was retired
 */
public record RetiredLogKey(String publicKey, Instant until) {}
