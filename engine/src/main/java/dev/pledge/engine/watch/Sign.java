package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import java.time.Instant;
import java.util.Optional;

/**
 * What a rule makes of an entry, by itself or together with earlier ones.
 *
 * @param first where the first entry is that it is made of
 * @param last where the last one is
 * @param count how much it is made of: entries, or people where an entry is about several
 * @param more how much of that came with the last entry
 * @param at time of the last entry
 */
record Sign(What what, Place first, Place last, long count, long more, Instant at) {

  /**
   * What it is a sign of. Signs of the same are one alarm while it lasts.
   *
   * @param purpose where it matters which
   */
  record What(RuleName rule, Optional<String> actor, Optional<String> purpose) {
    static What of(RuleName rule, String actor) {
      return new What(rule, Optional.of(actor), Optional.empty());
    }
  }

  /** Of one entry. */
  static Sign of(What what, Recorded entry) {
    Place place = Place.of(entry);
    return new Sign(what, place, place, 1, 1, entry.entry().facts().at());
  }
}
