package dev.pledge.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one measurement saw.
 *
 * @param perSecond operations a second
 * @param p50 the median time of one, in microseconds
 * @param p99 the time that one in a hundred takes longer than, in microseconds
 * @param busy processor time of the whole machine for one, in microseconds
 */
record Sample(double perSecond, double p50, double p99, double busy) {

  /** From the time that each operation took, and how long processors worked for all of them. */
  static Sample of(long[] nanos, double seconds, long busyNanos) {
    if (nanos.length == 0) {
      throw new IllegalStateException("nothing was done in the time given; give more");
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Sample(
        sorted.length / seconds,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3,
        busyNanos / 1e3 / sorted.length);
  }

  /** Median for median. */
  static Sample median(List<Sample> samples) {
    return new Sample(
        median(samples, Sample::perSecond),
        median(samples, Sample::p50),
        median(samples, Sample::p99),
        median(samples, Sample::busy));
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    List<Double> sorted =
        samples.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
