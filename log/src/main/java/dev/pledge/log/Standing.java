package dev.pledge.log;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * How the data subject stood when it was decided, in terms so broad that many people share them.
 *
 * @param age the age class the policy distinguishes, such as {@code minor} or {@code unknown}
 * @param status of the account as a whole, such as {@code active} or {@code restricted}
 * @param accepted the policy version last accepted, {@code policy@version}
 * @param facts what else the decision rested on, such as {@code guardian-consent}, {@code pooling}
 *     or that the product is {@code closed}; of a choice, what data it covers and who made it
 */
public record Standing(
    Optional<String> age, Optional<String> status, Optional<String> accepted, Set<String> facts) {
  /** Nothing said, as for an entry about nobody. */
  public static final Standing NONE =
      new Standing(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

  /** Throws {@link IllegalArgumentException} if a name is malformed. */
  public Standing {
    Grammar.requireName(age, "age class");
    Grammar.requireName(status, "status");
    Grammar.requirePolicy(accepted, "accepted policy version");
    facts = Grammar.names(facts, "fact");
  }

  /** A standing with the given parts. */
  public static Standing of(
      String age, String status, Optional<String> accepted, Collection<String> facts) {
    return new Standing(Optional.of(age), Optional.of(status), accepted, Set.copyOf(facts));
  }
}
