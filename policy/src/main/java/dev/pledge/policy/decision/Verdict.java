package dev.pledge.policy.decision;

import dev.pledge.policy.names.View;
import org.jspecify.annotations.Nullable;

/** A view or a reason in one byte: 0 is nothing yet, 1 to 3 a view, from 16 a reason. */
final class Verdict {
  static final byte NONE = 0;
  private static final int REASONS = 16;
  private static final View[] VIEWS = View.values();

  private Verdict() {}

  static byte of(View view) {
    return (byte) (view.ordinal() + 1);
  }

  static byte of(Reason reason) {
    return (byte) (reason.ordinal() + REASONS);
  }

  static byte orNone(@Nullable Reason reason) {
    return reason == null ? NONE : of(reason);
  }

  static boolean refuses(byte verdict) {
    return verdict >= REASONS;
  }

  static @Nullable View view(byte verdict) {
    return refuses(verdict) ? null : VIEWS[verdict - 1];
  }

  static @Nullable Reason reason(byte verdict) {
    return refuses(verdict) ? Reason.at(verdict - REASONS) : null;
  }

  /** Whether it is a refusal by {@code rule} or by one before it. */
  static boolean refusesUpTo(Rule rule, byte verdict) {
    return refuses(verdict) && rule(verdict).compareTo(rule) <= 0;
  }

  /** The rule of a refusal. */
  static Rule rule(byte refusal) {
    return Reason.at(refusal - REASONS).rule();
  }

  /** Of two refusals the one of the later rule; of one rule, the first. */
  static byte later(byte one, byte other) {
    return rule(other).compareTo(rule(one)) > 0 ? other : one;
  }

  /**
   * The less generous of two verdicts; of two refusals the one of the earlier rule, of one rule the
   * first.
   */
  static byte stricter(byte one, byte other) {
    if (refuses(one) && refuses(other)) {
      return rule(one).compareTo(rule(other)) <= 0 ? one : other;
    }
    return one >= other ? one : other;
  }
}
