package dev.pledge.engine.gate;

import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a read answers for one asked field. */
public sealed interface FieldAnswer {

  /** The field is shown; an event series shows a list, a profile field one value. */
  record Shown(String field, View view, boolean series, List<ShownValue> values)
      implements FieldAnswer {
    public Shown {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return "Shown[" + field + ", [redacted]]";
    }
  }

  /** The field may be seen, but nothing is held. */
  record Absent(String field) implements FieldAnswer {}

  /** The field is withheld. */
  record Withheld(FieldRefusal why) implements FieldAnswer {}

  /**
   * Where a value is from, and for how long it is kept (I.0, IV.1).
   *
   * @param keptUntil when it goes if nothing happens before; empty where no term runs
   */
  record Provenance(
      ProductId product, SourceId source, Instant collectedAt, Optional<Instant> keptUntil) {}

  /**
   * One shown value as an answer carries it: JSON text, number or map.
   *
   * @param id the id of a value of an event series
   * @param provenance told where the person, or somebody for them, exercises a right
   */
  record ShownValue(
      Object json,
      @Nullable UUID id,
      @Nullable Instant observedAt,
      @Nullable Provenance provenance) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }
}
