package dev.pledge.engine.oversight;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * An emergency use that is to be reviewed (II.I.7). Times are cut to seconds.
 *
 * @param review the id of its review, random, which stands in the sealed detail of its entry
 * @param due by when it is to be reviewed
 */
public record EmergencyUse(
    SubjectId subject,
    UUID review,
    ActorId user,
    String purpose,
    String product,
    Instant at,
    Instant due) {
  public EmergencyUse {
    at = at.truncatedTo(ChronoUnit.SECONDS);
    due = due.truncatedTo(ChronoUnit.SECONDS);
  }
}
