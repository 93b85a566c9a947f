package dev.pledge.engine.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what checks find. Not for use by several threads. */
final class Symptoms {
  private final Map<Problem, Places> found = new LinkedHashMap<>();

  /** What can be found, and what to do about it. */
  record Problem(String check, boolean harmless, String what, String remedy) {
    static Problem bad(String check, String what, String remedy) {
      return new Problem(check, false, what, remedy);
    }
  }

  private static final class Places {
    final List<String> first = new ArrayList<>();
    long count;
  }

  void add(Problem problem, String place) {
    Places places = found.computeIfAbsent(problem, p -> new Places());
    places.count++;
    if (places.first.size() < Symptom.MOST_PLACES) {
      places.first.add(place);
    }
  }

  List<Symptom> all() {
    return found.entrySet().stream()
        .map(
            each ->
                new Symptom(
                    each.getKey().check(),
                    each.getKey().harmless(),
                    each.getValue().count,
                    each.getValue().first,
                    each.getKey().what(),
                    each.getKey().remedy()))
        .toList();
  }
}
