package dev.pledge.engine.audit;

/**
 * The data subject of an entry has no history: never registered, or erased while the entry was on
 * its way. Nothing was logged. Answer as for an unknown id, and log that about nobody.
 */
public final class NoHistory extends RuntimeException {
  NoHistory() {
    super("the data subject has no history; it is unknown or erased");
  }
}
