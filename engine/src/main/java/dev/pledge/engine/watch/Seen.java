package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.Reason;
import java.util.Optional;
import java.util.Set;

/** What the rules ask of an entry. */
final class Seen {
  /** By which somebody learns something about a person. */
  private static final Set<Kind> LOOKS =
      Set.of(
          Kind.READ,
          Kind.SHARE,
          Kind.LOOKUP,
          Kind.AUDIENCE,
          Kind.STATE,
          Kind.CONSENTS,
          Kind.HISTORY,
          Kind.EXPLAIN,
          Kind.EXPORT);

  private static final String NOBODY = Reason.ERASED.code();

  private Seen() {}

  /** Who asked, if an actor did: a person acting for themselves is not named, Pledge not asked. */
  static Optional<String> actor(Facts facts) {
    return facts.caller().type().equals(Caller.SYSTEM) ? Optional.empty() : facts.caller().id();
  }

  /** Whether an actor asked who is no service, and so has to say why to see values in clear. */
  static boolean isHuman(Facts facts) {
    return actor(facts).isPresent() && !facts.caller().type().equals(Caller.SERVICE);
  }

  /** Whether data was used: an explanation tells how somebody has chosen, and opens nothing. */
  static boolean isUse(Facts facts) {
    return isLook(facts) && !facts.kind().equals(Kind.EXPLAIN);
  }

  /** Whether something about a person was told. */
  static boolean isLook(Facts facts) {
    return LOOKS.contains(facts.kind()) && facts.outcome() != Outcome.REFUSED;
  }

  /** Whether it was asked about an id or alias that is nobody's. */
  static boolean isAboutNobody(Recorded entry) {
    return entry.entry().mark().isEmpty()
        && entry.entry().facts().outcome() == Outcome.REFUSED
        && entry.entry().facts().reason().flatMap(dev.pledge.log.Reason::reason).stream()
            .anyMatch(NOBODY::equals);
  }
}
