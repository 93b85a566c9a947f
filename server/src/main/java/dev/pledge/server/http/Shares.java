package dev.pledge.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much each of many holds of something all draw on, so that none takes all of it. Keeps nothing
 * of those who hold nothing. Safe for all threads.
 */
final class Shares<K> {
  private final Map<K, Integer> held = new ConcurrentHashMap<>();

  /** Adds {@code more} to what the holder has, if that is {@code most} at most; whether it did. */
  boolean take(K holder, int more, int most) {
    if (held.merge(holder, more, Integer::sum) <= most) {
      return true;
    }
    giveBack(holder, more);
    return false;
  }

  /** Takes from the holder what it was given. */
  void giveBack(K holder, int less) {
    held.computeIfPresent(holder, (h, all) -> all == less ? null : all - less);
  }
}
