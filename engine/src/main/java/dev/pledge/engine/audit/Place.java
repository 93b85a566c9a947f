package dev.pledge.engine.audit;

/**
 * Where an entry is.
 *
 * @param log the name of the log
 * @param position the entry's place in it, counted from 0
 */
public record Place(String log, long position) {
  /** Where an entry is that has been integrated. */
  public static Place of(Recorded entry) {
    return new Place(entry.log(), entry.position().orElseThrow());
  }
}
