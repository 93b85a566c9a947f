package dev.pledge.engine.gate;

import dev.pledge.engine.value.Complaint;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Why one asked field is refused.
 *
 * @param index which of the asked fields
 * @param field the field, or null where the asked text is not even formed like a name: it may be
 *     anything, a personal value too, and is not repeated
 * @param code a stable word
 * @param clause the clause that is kept, or null where the value itself is malformed
 */
public record FieldRefusal(
    int index,
    @Nullable String field,
    String code,
    @Nullable ClauseId clause,
    Function<Locale, String> words) {

  static FieldRefusal of(Decision decision, int index, Reason reason) {
    return new FieldRefusal(
        index,
        nameOf(decision.question().fields().get(index)),
        reason.code(),
        decision.clause(index, reason),
        reason::sentence);
  }

  static FieldRefusal of(int index, String field, Complaint complaint) {
    return new FieldRefusal(index, nameOf(field), complaint.word(), null, complaint::sentence);
  }

  /** A member of a registration that is no field, such as {@code birthDate}. */
  static FieldRefusal ofMember(String member, Complaint complaint) {
    return new FieldRefusal(0, member, complaint.word(), null, complaint::sentence);
  }

  /** The sentence for people. */
  public String sentence(Locale language) {
    return words.apply(language);
  }

  /** The asked name, or null where it is not even formed like one. */
  public static @Nullable String nameOf(String asked) {
    try {
      return FieldId.of(asked).toString();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
