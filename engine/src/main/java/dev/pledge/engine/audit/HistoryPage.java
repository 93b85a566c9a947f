package dev.pledge.engine.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Part of a person's history, newest first.
 *
 * @param next where to go on; empty at the end
 * @param reached where there is a next page, the time of the oldest entry looked at that may be
 *     told: back to there nothing that was asked for is missing; empty if none of them may be told
 */
public record HistoryPage(
    List<Recorded> entries, Optional<Cursor> next, Optional<Instant> reached) {
  /** Copies the list. */
  public HistoryPage {
    entries = List.copyOf(entries);
  }
}
