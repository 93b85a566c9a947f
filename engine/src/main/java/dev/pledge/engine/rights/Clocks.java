package dev.pledge.engine.rights;

import dev.pledge.engine.request.RequestKind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Duties.Requests;
import dev.pledge.policy.decision.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Until when what is owed to whoever asked, by the terms of the policy and a calendar of working
 * days (V.1, V.3 to V.5). Every moment it gives is the first at which it is late. No check of
 * identity stops a clock.
 */
final class Clocks {
  /** How long before it is late something is due soon. */
  private static final Term SOON = new Term(2, Term.Unit.WORKING_DAY);

  private final Term.Calendar calendar;

  Clocks(Term.Calendar calendar) {
    this.calendar = calendar;
  }

  /** Until when the arrival is confirmed; empty where the policy promises nothing. */
  Optional<Instant> confirmBy(CompiledPolicy policy, Instant received) {
    return duties(policy)
        .flatMap(Requests::confirmWithin)
        .map(term -> term.end(received, calendar));
  }

  /** Until when it is answered; of several terms that hold, the one that ends first. */
  Optional<Instant> answerBy(RequestKind kind, CompiledPolicy policy, Instant received) {
    return duties(policy).stream()
        .flatMap(duties -> terms(kind, duties))
        .map(term -> term.end(received, calendar))
        .min(Comparator.naturalOrder());
  }

  /**
   * Until when it is answered once that is put off; empty where the policy, as the law has it, lets
   * such an answer take no longer. The longer term goes on from the last day of the first.
   */
  Optional<Instant> extended(RequestKind kind, CompiledPolicy policy, Instant answerBy) {
    if (!isByAnswerTerm(kind)) {
      return Optional.empty();
    }
    Instant lastDay = answerBy.minus(Duration.ofNanos(1));
    return duties(policy).flatMap(Requests::extendBy).map(term -> term.end(lastDay, calendar));
  }

  /** Before which moment something is due soon. */
  Instant soon(Instant now) {
    return SOON.end(now, calendar);
  }

  private static Stream<Term> terms(RequestKind kind, Requests duties) {
    Optional<Term> own =
        switch (kind) {
          case CLOSING -> duties.closingWithin();
          case COMPLAINT, APPEAL -> duties.complaintsWithin();
          case OBJECTION -> duties.optOutWithin();
          case ACCESS, CORRECTION, DELETION, RESTRICTION -> Optional.empty();
        };
    return kind == RequestKind.OBJECTION
        ? Stream.of(own, duties.answerWithin()).flatMap(Optional::stream)
        : own.or(duties::answerWithin).stream();
  }

  private static boolean isByAnswerTerm(RequestKind kind) {
    return switch (kind) {
      case ACCESS, CORRECTION, DELETION, RESTRICTION -> true;
      case CLOSING, COMPLAINT, APPEAL, OBJECTION -> false;
    };
  }

  private static Optional<Requests> duties(CompiledPolicy policy) {
    return policy.source().duties().requests();
  }
}
