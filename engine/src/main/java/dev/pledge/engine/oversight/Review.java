package dev.pledge.engine.oversight;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An emergency use and its review (II.I.7). Holds no personal value.
 *
 * @param subject whose data was used; once the person is erased, the review's own id
 * @param id random, of the review alone
 * @param user the actor who used it
 * @param usedAt cut to seconds; once the person is erased, to days
 * @param due by when it is to be reviewed; cut to seconds, and then to hours
 * @param done what the review found, or null while it is open
 */
public record Review(
    SubjectId subject,
    UUID id,
    ActorId user,
    String purpose,
    String product,
    Instant usedAt,
    Instant due,
    @Nullable Done done) {

  /** Who reviewed it when, cut as {@code usedAt} is, and what they found. */
  public record Done(Instant at, ActorId by, Finding finding) {}

  /** What a review found. */
  public enum Finding {
    JUSTIFIED,
    UNJUSTIFIED
  }

  /** Whether the person has been erased since. */
  public boolean isAboutNobody() {
    return subject.value().equals(id);
  }
}
