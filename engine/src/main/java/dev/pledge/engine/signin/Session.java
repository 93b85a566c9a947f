package dev.pledge.engine.signin;

import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who is signed in. It ends {@link #LONGEST} after it began, after {@link #IDLE} without
 * use, when the person ends it, and with the person.
 *
 * @param product that the person came from
 * @param device what they came with, in a word or two, such as `Firefox on Android`
 * @param steppedUpAt when it was last shown again that it is them
 */
public record Session(
    SubjectId subject,
    UUID id,
    ProductId product,
    String device,
    Instant createdAt,
    Instant usedAt,
    Optional<Instant> steppedUpAt,
    Instant endsAt) {
  /** For how long a session may last. */
  public static final Duration LONGEST = Duration.ofHours(12);

  /** For how long it may lie unused. */
  public static final Duration IDLE = Duration.ofMinutes(30);

  /** For how long it counts that somebody showed again that it is them. */
  public static final Duration STEPPED_UP = Duration.ofMinutes(5);

  /** Whether it was shown just now that it is them (V.4). */
  public boolean isSteppedUp(Instant now) {
    return steppedUpAt.filter(at -> now.isBefore(at.plus(STEPPED_UP))).isPresent();
  }
}
