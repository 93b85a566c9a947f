package dev.pledge.engine.vault;

import dev.pledge.engine.keys.Part;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored value as it lies in the database: sealed, with what is its own in the clear (I.0).
 *
 * @param holder the product whose value it is, or null where the account as a whole holds it
 * @param version how often the datum was stored before, counted from 0
 * @param datum the id of a value of an event series, or null
 * @param observedAt when what an event series records happened, or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Sealed(
    SubjectId subject,
    FieldId field,
    @Nullable ProductId holder,
    int version,
    int generation,
    ProductId product,
    SourceId source,
    Instant collectedAt,
    @Nullable UUID datum,
    @Nullable Instant observedAt,
    byte[] bytes) {

  /** Whether the two are values of the same datum, one perhaps in the place of the other. */
  public boolean isOfDatum(Sealed other) {
    return field.equals(other.field)
        && Objects.equals(holder, other.holder)
        && Objects.equals(datum, other.datum);
  }

  /** Of which part of the person it is. */
  public Part part() {
    return datum == null
        ? Part.ofField(field, keptFor())
        : Part.ofSeries(field, keptFor(), collectedAt);
  }

  /** The product it is kept for; empty for the account as a whole. */
  String keptFor() {
    if (datum != null) {
      return product.value();
    }
    return holder == null ? "" : holder.value();
  }

  @Override
  public String toString() {
    return "Sealed[" + field + "]";
  }
}
