package dev.pledge.policy.decision;

import dev.pledge.policy.names.ChannelId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A question with its names resolved against one policy: everything that does not depend on the
 * person is already decided. Indices are those of {@link Declarations}.
 *
 * @param refused the reason of rules {@code DECLARED} and {@code NEED_TO_KNOW} that refuses the
 *     whole question, or null
 * @param recipient who receives what is shared
 * @param channel the channel asked for, if the purpose has it
 * @param settled per field, what it comes to as far as the person does not matter: the first of
 *     those rules that refuses, or the view. A rule that looks at the person gives way to an
 *     earlier one that stands here, and overrules a later one
 * @param sensitive the places of the fields that wait for the person's explicit consent whatever
 *     their age, of those that are left open
 * @param renewed whether a later version, beside which this one binds, renews the agreement with
 *     the recipient or source named, so that its dates count and are asked there
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Resolved(
    Question question,
    int purpose,
    int product,
    int recipient,
    @Nullable Reason refused,
    @Nullable ChannelId channel,
    int[] fields,
    byte[] settled,
    int[] sensitive,
    boolean renewed) {

  /** No field waits for explicit consent. */
  static final int[] NOWHERE = {};

  /** A question refused as a whole, its names not looked at. */
  static Resolved refused(Question question, Reason reason) {
    int[] fields = new int[question.fields().size()];
    Arrays.fill(fields, Declarations.UNDECLARED);
    return refused(question, Declarations.UNDECLARED, Declarations.UNDECLARED, reason, fields);
  }

  /** A question refused as a whole. */
  static Resolved refused(
      Question question, int purpose, int product, Reason reason, int[] fields) {
    return new Resolved(
        question,
        purpose,
        product,
        Declarations.UNDECLARED,
        reason,
        null,
        fields,
        new byte[fields.length],
        NOWHERE,
        false);
  }

  /** The same beside a later version that renews the agreement. */
  Resolved withDatesAskedLater() {
    return new Resolved(
        question, purpose, product, recipient, refused, channel, fields, settled, sensitive, true);
  }
}
