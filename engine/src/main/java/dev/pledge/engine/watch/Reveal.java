package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Facts;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import dev.pledge.policy.names.View;
import java.util.List;
import java.util.Optional;

/**
 * A value was shown in clear to somebody who is no service, or because it was asked for in clear,
 * and nobody said why. The gate shows none so: this is the second pair of eyes on it. Remembers
 * nothing.
 */
final class Reveal implements Rule {
  private static final String JUSTIFIED = "justified";

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    boolean unsaid =
        Seen.isUse(facts)
            && !facts.caller().assurances().contains(JUSTIFIED)
            && facts.verdicts().stream().anyMatch(verdict -> reveals(facts, verdict));
    return unsaid
        ? List.of(
            Sign.of(new Sign.What(RuleName.REVEAL, facts.caller().id(), Optional.empty()), entry))
        : List.of();
  }

  private static boolean reveals(Facts facts, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Granted granted ->
          granted.asked().contains(Asked.IN_CLEAR)
              || (Seen.isHuman(facts)
                  && granted.view().filter(View.CLEAR.word()::equals).isPresent());
      case Verdict.Withheld _ -> false;
    };
  }
}
