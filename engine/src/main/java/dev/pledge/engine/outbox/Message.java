package dev.pledge.engine.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a recipient is to be told, as far as it is known before a name for the person is agreed with
 * them. No personal value.
 *
 * @param recipient as the policy names it
 * @param fields that it may hold and that the cause is about, sorted
 * @param purpose that was withdrawn; empty for other causes
 * @param product that the withdrawal is for; empty for all, and for other causes
 */
public record Message(
    String recipient,
    Cause cause,
    List<String> fields,
    Optional<String> purpose,
    Optional<String> product) {
  private static final String NONE = "";

  /** Throws {@link IllegalArgumentException} if it is about no field. */
  public Message {
    fields = fields.stream().sorted().toList();
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("a message is about one field at least");
    }
  }

  /** Why a recipient is told. */
  public enum Cause {
    ERASURE,
    DELETION,
    CORRECTION,
    WITHDRAWAL;

    /** The word it is told by. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Cause of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** What is sealed: cause, purpose and product, and each field, in lines. */
  String content() {
    List<String> lines = new ArrayList<>();
    lines.add(cause.word());
    lines.add(purpose.orElse(NONE));
    lines.add(product.orElse(NONE));
    lines.addAll(fields);
    return String.join("\n", lines);
  }

  static Message read(String recipient, String content) {
    List<String> lines = List.of(content.split("\n", -1));
    return new Message(
        recipient,
        Cause.of(lines.get(0)),
        lines.subList(3, lines.size()),
        Optional.of(lines.get(1)).filter(word -> !word.isEmpty()),
        Optional.of(lines.get(2)).filter(word -> !word.isEmpty()));
  }
}
