package dev.pledge.policy.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What falls out by chance, the same again from the same seed. */
final class Chance {
  private final Random random;

  Chance(long seed) {
    random = new Random(seed);
  }

  /** True so many times out of a hundred. */
  boolean percent(int times) {
    return random.nextInt(100) < times;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long seed() {
    return random.nextLong();
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @SafeVarargs
  final <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  <T extends Enum<T>> T one(Class<T> of) {
    return one(Arrays.asList(of.getEnumConstants()));
  }

  <T> T one(Set<T> of) {
    return one(inOrder(of));
  }

  /** Each of them so many times out of a hundred. */
  <T> Set<T> some(int times, Collection<T> of) {
    Set<T> some = new LinkedHashSet<>();
    for (T each : inOrder(of)) {
      if (percent(times)) {
        some.add(each);
      }
    }
    return some;
  }

  <T> List<T> shuffled(Collection<T> of) {
    List<T> shuffled = new ArrayList<>(inOrder(of));
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** A set has another order in every JVM, and would make another thing of the same seed. */
  private static <T> List<T> inOrder(Collection<T> of) {
    return of instanceof List<T> list
        ? list
        : of.stream().sorted(Comparator.comparing(Object::toString)).toList();
  }
}
