package dev.pledge.engine.retention;

import dev.pledge.engine.audit.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is due, done, held and late, per category of the policy (II.II.3, IV.1). Counts values and
 * names nobody.
 *
 * @param at when it was counted
 * @param period how often sweeps are woken; what was due that long ago is late
 * @param beganAt when the last round began; empty before the first
 * @param endedAt when it ended; empty while it is at work or was cut off
 * @param complete whether all people were looked at; otherwise there was no time for more, and what
 *     is due may be more than said
 * @param days what was deleted on each of the last thirty days, UTC, the oldest first
 */
public record RetentionReport(
    Instant at,
    Duration period,
    long round,
    Optional<Instant> beganAt,
    Optional<Instant> endedAt,
    boolean complete,
    List<OfCategory> categories,
    List<OfDay> days,
    Receipt receipt) {
  /** Copies the lists. */
  public RetentionReport {
    categories = List.copyOf(categories);
    days = List.copyOf(days);
  }

  /**
   * Values of a category.
   *
   * @param due those that are no longer kept and still there, refused at every read
   * @param done those that sweeps deleted within the last thirty days
   * @param held those that went while a legal hold was on them, and are set aside for it
   * @param late those of {@code due} that were due for longer than a period
   */
  public record OfCategory(String category, long due, long done, long held, long late) {}

  /** What sweeps deleted on a day, UTC. */
  public record OfDay(LocalDate day, long done) {}

  /** Whether something is late. */
  public boolean isLate() {
    return categories.stream().anyMatch(category -> category.late > 0);
  }
}
