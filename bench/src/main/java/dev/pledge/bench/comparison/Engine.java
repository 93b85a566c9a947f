package dev.pledge.bench.comparison;

import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;

/** What can answer which fields of a person open. One policy, and one thread. */
interface Engine {
  /** What it is called where figures stand. */
  String name();

  /**
   * The question and the person in the engine's own words. Not timed: whoever calls an engine keeps
   * people in its form.
   */
  Prepared prepare(Question question, SubjectState state);

  /** A question put to the engine as often as wanted. */
  interface Prepared {
    /** Whether each asked field opens, in the order asked. */
    boolean[] opens();
  }
}
