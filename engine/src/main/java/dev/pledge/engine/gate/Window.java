package dev.pledge.engine.gate;

import dev.pledge.engine.value.UnusableInput;
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
      throw new UnusableInput(
          "limit", "ask for 1 to " + MOST + " values of a series", "每个序列请求 1 至 " + MOST + " 个值");
    }
    if (from != null && to != null && !from.isBefore(to)) {
      throw new UnusableInput("to", "`from` must lie before `to`", "`from` 须早于 `to`");
    }
  }
}
