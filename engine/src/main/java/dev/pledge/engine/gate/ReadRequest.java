package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.value.UnusableInput;
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
 * @param purpose null only where a right is exercised, which needs none
 * @param justification why this person's data is needed; sealed in the log
 * @param reveal fields asked for in clear
 * @param window which values of event series
 */
public record ReadRequest(
    Caller caller,
    Asker.Capacity capacity,
    Asker.Assurance assurance,
    @Nullable String purpose,
    String product,
    List<String> fields,
    @Nullable String channel,
    @Nullable String justification,
    Set<String> reveal,
    @Nullable LegalOrder order,
    Window window) {
  /** The most fields in one request. */
  public static final int MOST_FIELDS = 64;

  /** The longest justification, in characters. */
  public static final int LONGEST_JUSTIFICATION = 800;

  public ReadRequest {
    fields = List.copyOf(fields);
    reveal = Set.copyOf(reveal);
    requireFields(fields);
    if (purpose == null && capacity == Asker.Capacity.ROLE) {
      throw new IllegalArgumentException("whoever reads in a role names a purpose");
    }
    if (reveal.size() > MOST_FIELDS) {
      throw new UnusableInput(
          "reveal",
          "ask for at most " + MOST_FIELDS + " fields in clear",
          "最多请求 " + MOST_FIELDS + " 个明文信息项");
    }
    if (justification != null) {
      requireText(justification, "justification", LONGEST_JUSTIFICATION);
    }
  }

  /** What is written by hand has to fit, whole, into the sealed detail of a log entry. */
  static void requireText(String text, String member, int longest) {
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)
        || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
        || text.length() > longest
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new UnusableInput(
          member,
          "write 1 to " + longest + " characters, letters or digits among them",
          "应为 1 至 " + longest + " 个字符，且含文字或数字");
    }
  }

  static void requireFields(List<String> fields) {
    requireFields("fields", fields);
  }

  static void requireFields(String member, List<String> fields) {
    if (fields.isEmpty() || fields.size() > MOST_FIELDS) {
      throw new UnusableInput(
          member, "name 1 to " + MOST_FIELDS + " fields", "应指明 1 至 " + MOST_FIELDS + " 个信息项");
    }
    if (new HashSet<>(fields).size() < fields.size()) {
      throw new UnusableInput(member, "a field is named twice; name each once", "信息项不得重复");
    }
  }

  /** Who asks, and nothing that the caller wrote. */
  @Override
  public String toString() {
    return "ReadRequest[" + caller.id() + ", [redacted]]";
  }

  /**
   * What somebody reads of what is about themself (V.1): masked, and clear for whoever stepped up.
   */
  public static ReadRequest ofOwn(
      Caller caller, Asker.Assurance assurance, String product, List<String> fields, int most) {
    return new ReadRequest(
        caller,
        Asker.Capacity.SUBJECT,
        assurance,
        null,
        product,
        fields,
        null,
        null,
        Set.of(),
        null,
        new Window(null, null, most));
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
