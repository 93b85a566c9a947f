package dev.pledge.policy.decision;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An age in years that a policy sets: the same everywhere, or one for each of its jurisdictions
 * (VI.1, VI.4). Immutable.
 *
 * @param highest the one age, or the highest of several: whoever is in none of the jurisdictions,
 *     or nobody knows where, is not protected less than anybody else
 * @param byJurisdiction by code and in the order of the policy; empty where one age holds
 * @param within codes of countries that live under the law of a jurisdiction, and the code of that;
 *     an age of the country's own comes first
 */
public record Ages(int highest, Map<String, Integer> byJurisdiction, Map<String, String> within) {

  /** Throws {@link IllegalArgumentException} if {@code highest} is not the highest of several. */
  public Ages {
    byJurisdiction = Collections.unmodifiableMap(new LinkedHashMap<>(byJurisdiction));
    within = Map.copyOf(within);
    if (!byJurisdiction.isEmpty() && Collections.max(byJurisdiction.values()) != highest) {
      throw new IllegalArgumentException("the highest age is not " + highest);
    }
  }

  /** One age for everybody. */
  public static Ages everywhere(int age) {
    return new Ages(age, Map.of(), Map.of());
  }

  /** An age for each jurisdiction, of which there is at least one. */
  public static Ages by(Map<String, Integer> jurisdictions, Map<String, String> within) {
    return new Ages(Collections.max(jurisdictions.values()), jurisdictions, within);
  }

  /**
   * The age that counts for somebody there.
   *
   * @param place the code of their country, or of a part of it such as {@code US-CA}; null if
   *     nobody knows
   */
  public int in(@Nullable String place) {
    if (place == null || byJurisdiction.isEmpty()) {
      return highest;
    }
    int end = place.indexOf('-');
    String country = end < 0 ? place : place.substring(0, end);
    Integer own = byJurisdiction.get(country);
    return own != null
        ? own
        : byJurisdiction.getOrDefault(within.getOrDefault(country, country), highest);
  }

  /** Whether nobody, wherever they are, meets a lower age here than there. */
  public boolean isNowhereBelow(Ages other) {
    return highest >= other.highest
        && Stream.concat(places(), other.places()).allMatch(place -> in(place) >= other.in(place));
  }

  private Stream<String> places() {
    return Stream.concat(byJurisdiction.keySet().stream(), within.keySet().stream());
  }
}
