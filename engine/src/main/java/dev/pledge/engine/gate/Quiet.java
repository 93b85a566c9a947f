package dev.pledge.engine.gate;

import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Which exceptions of those that are told {@code after} may be told of (II.I.7): what is older than
 * {@link TellPerson#QUIET}, for a purpose of which no approval about the person has been in force
 * for as long. By the database's clock.
 *
 * @param since before it an entry was made that is told
 * @param approved the purposes with an approval in force since then
 */
record Quiet(Instant since, Set<String> approved) {
  static Quiet about(Handle handle, SubjectId subject) {
    // In this order: an approval given meanwhile is in the set, or younger than what is told.
    Instant since =
        handle
            .createQuery("select statement_timestamp()")
            .mapTo(Instant.class)
            .one()
            .minus(TellPerson.QUIET);
    return new Quiet(since, Approving.approvedSince(handle, subject, since));
  }

  boolean isOver(Facts facts) {
    return facts.at().isBefore(since) && !approved.contains(facts.purpose().orElse(""));
  }
}
