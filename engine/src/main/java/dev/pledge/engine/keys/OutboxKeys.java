package dev.pledge.engine.keys;

import java.util.UUID;

/**
 * Names and seals messages to recipients while they wait to be delivered. The name of a message is
 * a code over its cause and its recipient: the same cause gives a recipient one message, and a
 * message does not tell its cause. What it says is sealed under a key of its own.
 *
 * <p>The keys are of no epoch: a message holds no personal value, and waits for as long as it
 * takes.
 *
 * <p>Safe for use by many threads. Prints as {@code [redacted]}.
 */
public final class OutboxKeys implements AutoCloseable {
  private final UUID deployment;
  private final Secret key;
  private final Primitives primitives;

  /** Takes {@code key} over. */
  OutboxKeys(UUID deployment, Secret key, Primitives primitives) {
    this.deployment = deployment;
    this.key = key;
    this.primitives = primitives;
  }

  /** The name of the message, of 32 bytes. */
  public byte[] name(UUID cause, String recipient) {
    byte[] input =
        Framed.of("pledge/outbox/name/v1").add(deployment).add(cause).add(recipient).bytes();
    try (Secret own = primitives.hkdf().derive(key, "pledge/outbox/key-of-names/v1")) {
      return primitives.hmac().code(own.as(Hmac.ALGORITHM), input);
    }
  }

  /** Seals what the message of that name says to that recipient. */
  public byte[] seal(byte[] name, String recipient, byte[] content) {
    byte[] place = place(name, recipient);
    try (Secret own = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().seal(own, place, content);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws UnsealException if it was altered, or sealed for another message, recipient or
   *     deployment
   */
  public byte[] open(byte[] name, String recipient, byte[] sealed) {
    byte[] place = place(name, recipient);
    try (Secret own = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().open(own, place, sealed, "a message to a recipient");
    }
  }

  private byte[] place(byte[] name, String recipient) {
    return Framed.of("pledge/outbox/v1").add(deployment).add(name).add(recipient).bytes();
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
