package dev.pledge.engine.audit;

import java.time.Duration;

/**
 * How much may wait to be logged.
 *
 * @param waiting the most entries that wait or are being written
 * @param batch the most entries in one commit
 * @param patience the longest a caller waits, for room and for the commit together
 */
public record Limits(int waiting, int batch, Duration patience) {
  /** For a server: 8,192 waiting, 512 in a commit, five seconds. */
  public static final Limits DEFAULT = new Limits(8192, 512, Duration.ofSeconds(5));

  /** Throws {@link IllegalArgumentException} unless all are positive. */
  public Limits {
    if (waiting < 1 || batch < 1 || !patience.isPositive()) {
      throw new IllegalArgumentException("a limit must be positive");
    }
  }
}
