package dev.pledge.server.http;

import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the Privacy Centre is reached.
 *
 * @param secure whether browsers reach it over TLS, which something in front of it takes off: its
 *     cookies then go over nothing else
 * @param invited whom everybody may sign in as, to try it; nobody but in a demonstration
 */
public record CentreSettings(boolean secure, Supplier<List<Invited>> invited) {
  /** As it is on a machine of one's own. */
  public static final CentreSettings PLAIN = new CentreSettings(false, List::of);

  /** Somebody invented, and what they are, in words. */
  public record Invited(SubjectId subject, String english, String chinese) {}
}
