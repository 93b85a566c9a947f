package dev.pledge.engine.audit;

import java.util.List;
import java.util.Optional;

/**
 * Part of a person's history, newest first.
 *
 * @param next where the next page begins; empty on the last page
 */
public record HistoryPage(List<Recorded> entries, Optional<Cursor> next) {
  /** Copies the list. */
  public HistoryPage {
    entries = List.copyOf(entries);
  }
}
