package dev.pledge.engine.audit;

/** Whether a log takes more for now. */
@FunctionalInterface
public interface Gauge {
  /** For a log whose tree somebody else sees to. */
  Gauge OPEN = () -> {};

  /**
   * Returns if it does.
   *
   * @throws Overloaded if it does not, and may soon
   * @throws LogBroken if it does not until somebody has looked into it
   */
  void requireRoom();
}
