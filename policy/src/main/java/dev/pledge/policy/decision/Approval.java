package dev.pledge.policy.decision;

import dev.pledge.policy.names.ActorId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An approval of a legal exception, asked to be given (II.I.7): whose use of what about one person,
 * until when. Names are as the caller wrote them.
 *
 * @param asker the actor it is for
 * @param until when it ends, by the database's clock
 */
public record Approval(
    ActorId asker, String purpose, String product, List<String> fields, Instant until) {
  /** The longest an approval runs. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** How long one runs that says nothing else. */
  public static final Duration USUAL = Duration.ofHours(24);

  public Approval {
    fields = List.copyOf(fields);
  }
}
