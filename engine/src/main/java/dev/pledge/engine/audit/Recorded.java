package dev.pledge.engine.audit;

import dev.pledge.log.Entry;
import dev.pledge.log.Hash;
import java.util.OptionalLong;

/**
 * An entry as it lies in the log.
 *
 * @param log the log's name
 * @param position its place in the log, counted from 0; empty until it has been integrated
 */
public record Recorded(String log, Entry entry, OptionalLong position) {
  /** The entry's leaf hash. */
  public Hash leaf() {
    return entry.leafHash();
  }
}
