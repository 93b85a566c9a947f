package dev.pledge.engine.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which values of an event series are wanted: observed in [{@code from}, {@code to}), the newest
 * {@code limit} of them (1 to {@value #MOST}).
 */
public record Window(@Nullable Instant from, @Nullable Instant to, int limit) {
  /** The most values of one series in one answer. */
  public static final int MOST = 1_000;

  /** The newest hundred. */
  public static final Window DEFAULT = new Window(null, null, 100);

  public Window {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("ask for 1 to " + MOST + " values of a series");
    }
    if (from != null && to != null && !from.isBefore(to)) {
      throw new IllegalArgumentException("`from` must lie before `to`");
    }
  }
}
