package dev.pledge.engine.audit;

import java.util.Optional;

/** Whether a log takes more for now. */
@FunctionalInterface
public interface Gauge {
  /** For a log whose tree somebody else sees to. */
  Gauge OPEN = Optional::empty;

  /** Why it takes nothing; empty if it does. */
  Optional<String> obstacle();
}
