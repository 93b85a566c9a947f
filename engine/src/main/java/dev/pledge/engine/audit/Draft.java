package dev.pledge.engine.audit;

import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.policy.names.SubjectId;
import java.util.Optional;

/**
 * An entry before it has an id, a nonce and a mark: what it is to say, and about whom.
 *
 * <p>For an id that is unknown or erased use {@link #aboutNobody}: such an entry names nobody.
 *
 * @param detail what only the person's key opens; {@link Detail#NONE} for an entry about nobody,
 *     for lack of a key
 */
public record Draft(Facts facts, Optional<About> about, Detail detail) {
  /** Throws {@link IllegalArgumentException} if there is a detail and nobody to seal it for. */
  public Draft {
    if (about.isEmpty() && !detail.isEmpty()) {
      throw new IllegalArgumentException(
          "an entry about nobody has no key to seal a detail under; leave the detail out");
    }
  }

  /** An entry about a person, in whose history it will appear. */
  public static Draft about(SubjectId subject, SubjectSeal seal, Facts facts, Detail detail) {
    return new Draft(facts, Optional.of(new About(subject, seal)), detail);
  }

  /** An entry about nobody, or about nobody known. */
  public static Draft aboutNobody(Facts facts) {
    return new Draft(facts, Optional.empty(), Detail.NONE);
  }

  /** A data subject and what the person's key does. */
  public record About(SubjectId subject, SubjectSeal seal) {}
}
