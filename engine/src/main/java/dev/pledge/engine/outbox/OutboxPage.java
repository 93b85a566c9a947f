package dev.pledge.engine.outbox;

import java.util.List;
import java.util.Optional;

/**
 * A page of messages that wait, the oldest day first.
 *
 * @param next where the next page begins; empty at the end
 */
public record OutboxPage(List<Waiting> messages, Optional<String> next) {
  public OutboxPage {
    messages = List.copyOf(messages);
  }

  /** Of {@code found}, one more than fits if there are more. */
  static OutboxPage of(List<Waiting> found, int limit) {
    if (found.size() <= limit) {
      return new OutboxPage(found, Optional.empty());
    }
    List<Waiting> page = found.subList(0, limit);
    return new OutboxPage(page, Optional.of(OutboxCursor.after(page.getLast()).toString()));
  }
}
