package dev.pledge.engine.gate;

import java.util.List;

/**
 * Something that should not be, as a check found it.
 *
 * @param check which one
 * @param harmless whether nothing has to be done
 * @param count how often
 * @param places the first of them: table and key, never a value
 * @param what is wrong with each
 * @param remedy what to do
 */
public record Symptom(
    String check, boolean harmless, long count, List<String> places, String what, String remedy) {
  /** The most places that are told. */
  public static final int MOST_PLACES = 20;

  /** Keeps the first places. */
  public Symptom {
    places = List.copyOf(places.subList(0, Math.min(places.size(), MOST_PLACES)));
  }
}
