package dev.pledge.engine.audit;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A clock that nobody sets back: what is in the log was before. */
public final class LogClock {
  private LogClock() {}

  /** When the newest entry that has its place came to the database, by its clock of then. */
  public static Optional<Instant> newest(Handle handle) {
    return handle
        .createQuery(
            """
            select max(newest.entered_at) from tree t
            join lateral (
              select entered_at from intake
              where intake.log = t.log and leaf_index is not null
              order by leaf_index desc limit 1) as newest on true
            """)
        .mapTo(Timestamp.class)
        .findOne()
        .map(Timestamp::toInstant);
  }
}
