package dev.pledge.log;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * How the data subject stood when it was decided, in terms so broad that many people share them.
 *
 * @param age the age class the policy distinguishes, such as {@code minor} or {@code unknown}
 * @param status such as {@code active}, {@code restricted} or {@code closed}
 * @param accepted the policy version last accepted, {@code policy@version}
 * @param facts what else the decision rested on, such as {@code guardian-consent} or {@code
 *     pooling}
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
