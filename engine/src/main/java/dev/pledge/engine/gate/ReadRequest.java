package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.decision.Asker;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A governed read: who asks, why and for what. Names are as the caller wrote them.
 *
 * @param capacity on whose behalf a right is exercised; verified by whoever builds this
 * @param justification why this person's data is needed; sealed in the log
 * @param reveal fields asked for in clear
 * @param window which values of event series
 */
public record ReadRequest(
    Caller caller,
    Asker.Capacity capacity,
    Asker.Assurance assurance,
    String purpose,
    String product,
    List<String> fields,
    @Nullable String channel,
    @Nullable String justification,
    Set<String> reveal,
    @Nullable LegalOrder order,
    Window window) {
  /** The most fields in one request. */
  public static final int MOST_FIELDS = 64;

  private static final int LONGEST_JUSTIFICATION = 800;

  public ReadRequest {
    fields = List.copyOf(fields);
    reveal = Set.copyOf(reveal);
    requireFields(fields);
    if (reveal.size() > MOST_FIELDS) {
      throw new IllegalArgumentException("ask for at most " + MOST_FIELDS + " fields in clear");
    }
    if (justification != null) {
      requireText(justification, "justification", LONGEST_JUSTIFICATION);
    }
  }

  /** What is written by hand has to fit, whole, into the sealed detail of a log entry. */
  static void requireText(String text, String what, int longest) {
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)
        || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
        || text.length() > longest
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "a " + what + " has 1 to " + longest + " characters, letters or digits among them");
    }
  }

  static void requireFields(List<String> fields) {
    if (fields.isEmpty() || fields.size() > MOST_FIELDS) {
      throw new IllegalArgumentException("name 1 to " + MOST_FIELDS + " fields");
    }
    if (new HashSet<>(fields).size() < fields.size()) {
      throw new IllegalArgumentException("a field is named twice; name each once");
    }
  }

  /** Who asks, and nothing that the caller wrote. */
  @Override
  public String toString() {
    return "ReadRequest[" + caller.id() + ", [redacted]]";
  }

  /** A plain read by a caller in its roles. */
  public static ReadRequest of(Caller caller, String purpose, String product, List<String> fields) {
    return new ReadRequest(
        caller,
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        purpose,
        product,
        fields,
        null,
        null,
        Set.of(),
        null,
        Window.DEFAULT);
  }
}
