package dev.pledge.engine.request;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests are listed.
 *
 * @param states in one of these states
 * @param dueBefore of which what is owed next is owed before that moment
 */
public record RequestFilter(
    Set<RequestState> states,
    Optional<RequestKind> kind,
    Optional<String> product,
    Optional<String> number,
    Optional<Instant> dueBefore) {
  public RequestFilter {
    states = Set.copyOf(states);
  }
}
