package dev.pledge.engine.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Where a request is, as the person can follow it. */
public enum RequestState {
  /** It is here, and nobody could tell the person yet. */
  RECEIVED,
  /** The person was told that it is here. */
  CONFIRMED,
  /** It waits for the person to show who they are. */
  IDENTITY_WANTED,
  /** Somebody works on it. */
  IN_WORK,
  /** It is granted, at least in part, and what was granted is being done. */
  CARRYING_OUT,
  /** It is refused, with reasons; an appeal is possible. */
  DECIDED,
  /** It is granted, at least in part, and done. */
  DONE,
  /** The person took it back. */
  WITHDRAWN;

  private static final Set<RequestState> UNDECIDED =
      Set.of(RECEIVED, CONFIRMED, IDENTITY_WANTED, IN_WORK);

  /** Whether it waits for a decision. */
  public boolean isUndecided() {
    return UNDECIDED.contains(this);
  }

  /** Whether there is nothing more to do. */
  public boolean isOver() {
    return this == DECIDED || this == DONE || this == WITHDRAWN;
  }

  /** The word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static RequestState of(String word) {
    return Arrays.stream(values())
        .filter(state -> state.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("`" + word + "` is no state"));
  }
}
