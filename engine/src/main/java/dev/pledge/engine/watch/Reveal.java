package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Facts;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import java.util.List;
import java.util.Optional;

/**
 * A value was shown in clear because somebody asked for it, and nobody said why. The gate takes no
 * such question: this is the second pair of eyes on it. Remembers nothing.
 */
final class Reveal implements Rule {
  private static final String JUSTIFIED = "justified";

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    boolean unsaid =
        !facts.caller().assurances().contains(JUSTIFIED)
            && facts.verdicts().stream()
                .anyMatch(v -> v instanceof Verdict.Granted && v.asked().contains(Asked.IN_CLEAR));
    return unsaid
        ? List.of(
            Sign.of(new Sign.What(RuleName.REVEAL, facts.caller().id(), Optional.empty()), entry))
        : List.of();
  }
}
