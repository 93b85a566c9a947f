package dev.pledge.policy.decision;

import java.time.Instant;
import java.time.LocalDate;

/** A stretch of time, from its first moment to the first after it. */
record Span(Instant from, Instant until) {
  /** From midnight UTC of the first day to that of the first day after it. */
  static Span ofDays(LocalDate from, LocalDate until) {
    return new Span(CompiledPolicy.midnight(from), CompiledPolicy.midnight(until));
  }

  boolean contains(Instant moment) {
    return !moment.isBefore(from) && moment.isBefore(until);
  }
}
