package dev.pledge.engine.message;

import java.util.Locale;
import java.util.Optional;

/** What has become of a message. */
public enum MessageState {
  WAITING,
  DELIVERED,
  FAILED;

  /** The word it is told by. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state meant by {@code word}, or empty. */
  public static Optional<MessageState> of(String word) {
    for (MessageState state : values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
