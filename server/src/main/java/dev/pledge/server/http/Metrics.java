package dev.pledge.server.http;

import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.Requests.Counts;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and durations of the calls answered, in the text format Prometheus reads (0.0.4). Labels
 * are the route's template, the method and the status: never an id or anything a caller wrote. Safe
 * for all threads.
 */
final class Metrics {
  private static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final double NANOS = 1e9;

  private record Call(String method, String route, int status) implements Comparable<Call> {
    @Override
    public int compareTo(Call other) {
      int byRoute = route.compareTo(other.route);
      int byMethod = method.compareTo(other.method);
      return byRoute != 0
          ? byRoute
          : byMethod != 0 ? byMethod : Integer.compare(status, other.status);
    }

    String labels() {
      return String.format(
          Locale.ROOT, "method=\"%s\",route=\"%s\",status=\"%d\"", method, route, status);
    }
  }

  private record Timed(String method, String route) implements Comparable<Timed> {
    @Override
    public int compareTo(Timed other) {
      int byRoute = route.compareTo(other.route);
      return byRoute != 0 ? byRoute : method.compareTo(other.method);
    }
  }

  private static final class Histogram {
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length];
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    Histogram() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(long elapsed) {
      count.increment();
      nanos.add(elapsed);
      for (int i = 0; i < BOUNDS.length; i++) {
        if (elapsed <= BOUNDS[i] * NANOS) {
          buckets[i].increment();
          return;
        }
      }
    }
  }

  private final Map<Call, LongAdder> calls = new ConcurrentHashMap<>();
  private final Map<Timed, Histogram> times = new ConcurrentHashMap<>();

  /** Counts one answered call. */
  void answered(String method, String route, int status, long nanos) {
    calls.computeIfAbsent(new Call(method, route, status), c -> new LongAdder()).increment();
    times.computeIfAbsent(new Timed(method, route), t -> new Histogram()).add(nanos);
  }

  /**
   * Everything counted, with the load of {@code admission}, whether the engine is ready, whether a
   * change of epochs is behind its date, and how many rights requests there are, if that is known.
   */
  String text(
      Admission admission, boolean ready, boolean keyChangeLate, Optional<Counts> requests) {
    StringBuilder text = new StringBuilder(4096);
    head(text, "pledge_ready", "gauge", "Whether the server can work (1) or not (0).");
    text.append("pledge_ready ").append(ready ? 1 : 0).append('\n');
    head(
        text,
        "pledge_key_change_late",
        "gauge",
        "Whether a change of epochs of keys is behind its date (1) or none is (0).");
    text.append("pledge_key_change_late ").append(keyChangeLate ? 1 : 0).append('\n');
    requests.ifPresent(counts -> add(text, counts));
    head(text, "pledge_calls_at_work", "gauge", "Calls being worked on, by kind.");
    for (Load load : Load.COUNTED) {
      line(text, "pledge_calls_at_work", "load=\"" + load.word() + "\"", admission.atWork(load));
    }
    head(text, "pledge_calls_at_work_limit", "gauge", "Calls worked on at most, by kind.");
    for (Load load : Load.COUNTED) {
      line(
          text, "pledge_calls_at_work_limit", "load=\"" + load.word() + "\"", admission.most(load));
    }
    head(text, "pledge_calls_total", "counter", "Calls answered.");
    new ConcurrentSkipListMap<>(calls)
        .forEach((call, n) -> line(text, "pledge_calls_total", call.labels(), n.sum()));
    head(text, "pledge_call_seconds", "histogram", "Time from a request to its answer.");
    new ConcurrentSkipListMap<>(times).forEach((timed, histogram) -> add(text, timed, histogram));
    return text.toString();
  }

  private static void add(StringBuilder text, Counts requests) {
    head(text, "pledge_requests", "gauge", "Rights requests that are not over, by state.");
    for (RequestState state : RequestState.values()) {
      if (state.isOver()) {
        continue;
      }
      long count = requests.byState().getOrDefault(state, 0L);
      line(text, "pledge_requests", "state=\"" + state.word() + "\"", count);
    }
    head(text, "pledge_requests_overdue", "gauge", "Rights requests of which something is late.");
    text.append("pledge_requests_overdue ").append(requests.overdue()).append('\n');
    head(
        text,
        "pledge_requests_due_soon",
        "gauge",
        "Rights requests of which something is due within two working days.");
    text.append("pledge_requests_due_soon ").append(requests.soon()).append('\n');
    head(
        text,
        "pledge_requests_failed",
        "gauge",
        "Rights requests of which what was granted could not be done.");
    text.append("pledge_requests_failed ").append(requests.failed()).append('\n');
  }

  private static void add(StringBuilder text, Timed timed, Histogram histogram) {
    String labels =
        String.format(Locale.ROOT, "method=\"%s\",route=\"%s\"", timed.method, timed.route);
    long sum = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      sum += histogram.buckets[i].sum();
      line(text, "pledge_call_seconds_bucket", labels + ",le=\"" + BOUNDS[i] + "\"", sum);
    }
    long count = Math.max(sum, histogram.count.sum());
    line(text, "pledge_call_seconds_bucket", labels + ",le=\"+Inf\"", count);
    text.append("pledge_call_seconds_sum{")
        .append(labels)
        .append("} ")
        .append(String.format(Locale.ROOT, "%.6f", histogram.nanos.sum() / NANOS))
        .append('\n');
    line(text, "pledge_call_seconds_count", labels, count);
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, String labels, long value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }
}
