package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Signs of the same, each following the one before in time: what an alarm is raised for, or
 * extended by.
 *
 * @param count what they all are made of
 * @param more what of it came with these entries
 * @param begun time of the first sign
 */
record Spell(
    Sign.What what, Place first, Place last, long count, long more, Instant begun, Instant at) {

  /** The signs as spells, in the order of their first signs. */
  static List<Spell> of(List<Sign> signs, Function<RuleName, Duration> within) {
    List<Spell> spells = new ArrayList<>();
    Map<Sign.What, Integer> latest = new HashMap<>();
    for (Sign sign : signs) {
      Integer at = latest.get(sign.what());
      if (at != null && spells.get(at).isFollowedBy(sign, within.apply(sign.what().rule()))) {
        spells.set(at, spells.get(at).with(sign));
      } else {
        latest.put(sign.what(), spells.size());
        spells.add(of(sign));
      }
    }
    return spells;
  }

  private static Spell of(Sign sign) {
    return new Spell(
        sign.what(), sign.first(), sign.last(), sign.count(), sign.more(), sign.at(), sign.at());
  }

  private boolean isFollowedBy(Sign sign, Duration within) {
    return Duration.between(at, sign.at()).compareTo(within) <= 0;
  }

  private Spell with(Sign sign) {
    return new Spell(
        what,
        first,
        sign.last(),
        count + sign.more(),
        more + sign.more(),
        begun,
        sign.at().isAfter(at) ? sign.at() : at);
  }
}
