package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.Facts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * An actor uses data for a purpose. Tells every use it does not remember: whether it is the first,
 * and whether the actor is new, {@link Uses} knows. Remembers the latest {@value #MOST} pairs of
 * actor and purpose.
 */
final class FirstUse implements Rule {
  static final int MOST = 16_384;

  private final LinkedHashSet<Sign.What> told = new LinkedHashSet<>();

  @Override
  public List<Sign> see(Recorded entry) {
    Facts facts = entry.entry().facts();
    Optional<String> actor = Seen.actor(facts);
    if (actor.isEmpty() || facts.purpose().isEmpty() || !Seen.isUse(facts)) {
      return List.of();
    }
    Sign.What use = new Sign.What(RuleName.FIRST_USE, actor, facts.purpose());
    boolean known = told.remove(use);
    told.addLast(use);
    if (told.size() > MOST) {
      told.removeFirst();
    }
    return known ? List.of() : List.of(Sign.of(use, entry));
  }
}
