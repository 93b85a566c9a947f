package dev.pledge.policy.decision;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A question with its names resolved against one policy: everything that does not depend on the
 * person is already decided. Indices are those of {@link Declarations}.
 *
 * @param refused the reason of rules {@code DECLARED} and {@code NEED_TO_KNOW} that refuses the
 *     whole question, or null
 * @param first per field, a verdict of those rules, or {@link Verdict#NONE}
 * @param listed per field, a verdict of rule {@code PURPOSE}, or {@link Verdict#NONE}
 * @param last per field, a verdict of rules {@code CONDITIONS} and {@code VIEW}, or the view
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Resolved(
    Question question,
    int purpose,
    int product,
    @Nullable Reason refused,
    int[] fields,
    byte[] first,
    byte[] listed,
    byte[] last) {

  /** A question with its names resolved and no field settled yet. */
  static Resolved unsettled(
      Question question, int purpose, int product, @Nullable Reason refused, int[] fields) {
    int n = fields.length;
    return new Resolved(
        question, purpose, product, refused, fields, new byte[n], new byte[n], new byte[n]);
  }

  /** A question refused as a whole, its names not looked at. */
  static Resolved refused(Question question, Reason reason) {
    int[] fields = new int[question.fields().size()];
    Arrays.fill(fields, Declarations.UNDECLARED);
    return unsettled(question, Declarations.UNDECLARED, Declarations.UNDECLARED, reason, fields);
  }
}
