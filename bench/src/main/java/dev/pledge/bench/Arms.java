package dev.pledge.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Things to be compared. They are measured in turns, there and back (A B C C B A), so that a
 * machine that slows down meanwhile slows all of them.
 */
final class Arms {
  private static final int WARM_UP = 3;

  private final Map<String, Supplier<Sample>> arms = new LinkedHashMap<>();

  /** Adds one; it is measured each time {@code measure} is asked. */
  Arms add(String name, Supplier<Sample> measure) {
    arms.put(name, measure);
    return this;
  }

  /** Warms each up, then measures each {@code 2 × rounds} times and takes the medians. */
  Map<String, Sample> measure(int rounds) {
    List<String> warmingUp =
        Collections.nCopies(WARM_UP, arms.keySet()).stream().flatMap(Set::stream).toList();
    measure(warmingUp, new LinkedHashMap<>());
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      List<String> order = new ArrayList<>(arms.keySet());
      measure(order, samples);
      measure(order.reversed(), samples);
    }
    Map<String, Sample> medians = new LinkedHashMap<>();
    arms.keySet()
        .forEach(name -> medians.put(name, Sample.median(samples.getOrDefault(name, List.of()))));
    return medians;
  }

  private void measure(List<String> order, Map<String, List<Sample>> samples) {
    for (String name : order) {
      Supplier<Sample> arm = arms.get(name);
      if (arm != null) {
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(arm.get());
      }
    }
  }
}
