package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.util.UUID;

/**
 * Seals what messages to people are filled with, such as a code, while they wait to be sent: each
 * under a key of its own, for its place.
 *
 * <p>The keys are of no epoch: a message holds no value of a person's, and is soon gone.
 *
 * <p>Safe for use by many threads. Prints as {@code [redacted]}.
 */
public final class MessageKeys implements AutoCloseable {
  private final UUID deployment;
  private final Secret key;
  private final Primitives primitives;

  /** Takes {@code key} over. */
  MessageKeys(UUID deployment, Secret key, Primitives primitives) {
    this.deployment = deployment;
    this.key = key;
    this.primitives = primitives;
  }

  /**
   * Seals what fills a message.
   *
   * @param template what it fills, in words
   */
  public byte[] seal(SubjectId subject, UUID message, String template, byte[] content) {
    byte[] place = place(subject, message, template);
    try (Secret own = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().seal(own, place, content);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws UnsealException if it was altered, or sealed for another person, message, template or
   *     deployment
   */
  public byte[] open(SubjectId subject, UUID message, String template, byte[] sealed) {
    byte[] place = place(subject, message, template);
    try (Secret own = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().open(own, place, sealed, "a message to a person");
    }
  }

  private byte[] place(SubjectId subject, UUID message, String template) {
    return Framed.of("pledge/message/v1")
        .add(deployment)
        .add(subject.value())
        .add(message)
        .add(template)
        .bytes();
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
