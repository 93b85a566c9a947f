package dev.pledge.engine.gate;

/** One thing that is looked for in the data and the keys. Changes nothing. */
interface Check {
  /** What is found goes to {@code found}. */
  void run(Ward ward, Symptoms found);
}
