package dev.pledge.engine.vault;

import dev.pledge.engine.value.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value to be stored for one of the asked fields.
 *
 * @param asked the index of the field in the permit's question
 * @param version how often the datum was stored before; ignored for event series
 * @param observedAt when what an event series records happened; null for a profile field
 */
public record Storing(int asked, Value value, int version, @Nullable Instant observedAt) {}
