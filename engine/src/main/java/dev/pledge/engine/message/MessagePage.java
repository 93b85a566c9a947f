package dev.pledge.engine.message;

import java.util.List;
import java.util.Optional;

/**
 * A page of messages to people, the oldest day first.
 *
 * @param next where the next page begins; empty at the end
 */
public record MessagePage(List<Listed> messages, Optional<String> next) {
  public MessagePage {
    messages = List.copyOf(messages);
  }

  /** Of {@code found}, one more than fits if there are more. */
  static MessagePage of(List<Listed> found, int limit) {
    if (found.size() <= limit) {
      return new MessagePage(found, Optional.empty());
    }
    List<Listed> page = found.subList(0, limit);
    return new MessagePage(page, Optional.of(MessageCursor.after(page.getLast()).toString()));
  }
}
