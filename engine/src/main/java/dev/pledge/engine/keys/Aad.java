package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The place of a value: what it is sealed with as associated data, so that it opens nowhere else.
 * The key adds the deployment and the subject.
 *
 * <p>{@code part} says by which key it is sealed, and is authenticated by that.
 *
 * <p>{@code datum} tells the field's values apart (an event's id, a scope; empty where a field has
 * one value). {@code version} counts how often the datum was sealed, from 0, and stays under 2³¹.
 * {@code collectedAt} is on the database's clock, in whole microseconds, as the database keeps it:
 * a finer instant would not come back the same and the value would never open again.
 *
 * <p>A version out of range, a finer instant or an unpaired surrogate throws {@link
 * IllegalArgumentException}. Source: I.0 (every value carries its source).
 */
public record Aad(
    FieldId field,
    Part part,
    String datum,
    long version,
    ProductId product,
    SourceId source,
    Instant collectedAt) {
  private static final long VERSIONS = 1L << 31;

  public Aad {
    if (version < 0 || version >= VERSIONS) {
      throw new IllegalArgumentException(
          "a datum is sealed at most 2^31 times under one key; start a new key generation");
    }
    if (!collectedAt.equals(collectedAt.truncatedTo(ChronoUnit.MICROS))) {
      throw new IllegalArgumentException(
          "the time of collection is finer than microseconds; truncate it first");
    }
  }

  byte[] bytes(UUID deployment, UUID subject) {
    return Framed.of("pledge/value/v1")
        .add(deployment)
        .add(subject)
        .add(field.toString())
        .add(datum)
        .add(version)
        .add(product.value())
        .add(source.value())
        .add(micros(collectedAt))
        .bytes();
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
