package dev.pledge.server.http;

import java.time.Duration;

/**
 * How much one server takes on. What is over a limit is answered at once, never queued. Of the
 * places of a kind, and of the memory, one caller may have at most half.
 *
 * @param bodyBytes the largest body of a request
 * @param memory the bytes that the bodies being worked on, trees and copies included, and the
 *     answers being sent may take together
 * @param batch the people one bulk request may name
 * @param reads reads at work at once
 * @param changes changes at work at once
 * @param streams streamed answers at work at once
 * @param pages public calls at work at once
 * @param time how long a call may take, and how long its body may take to arrive
 * @param streamTime how long a streamed answer may take
 * @param refusals how many refusals in a row one caller may collect, and how many a second later on
 * @param misses the same for answers that tell whether an alias is known
 * @param strangers the same for calls without a valid token, by address
 */
public record Limits(
    int bodyBytes,
    int memory,
    int batch,
    int reads,
    int changes,
    int streams,
    int pages,
    Duration time,
    Duration streamTime,
    Rate refusals,
    Rate misses,
    Rate strangers) {

  /** A store of {@code burst} that fills by {@code perSecond}. */
  public record Rate(int burst, double perSecond) {}

  /** What the server takes on unless told otherwise. */
  public static Limits usual() {
    return new Limits(
        1 << 20,
        96 << 20,
        1000,
        512,
        256,
        8,
        64,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        new Rate(10_000, 100),
        new Rate(1_000, 10),
        new Rate(300, 5));
  }

  /** The same with other numbers of calls at work. */
  public Limits withPlaces(int reads, int changes, int streams, int pages) {
    return new Limits(
        bodyBytes,
        memory,
        batch,
        reads,
        changes,
        streams,
        pages,
        time,
        streamTime,
        refusals,
        misses,
        strangers);
  }

  /** The same with other times. */
  public Limits withTimes(Duration time, Duration streamTime) {
    return new Limits(
        bodyBytes,
        memory,
        batch,
        reads,
        changes,
        streams,
        pages,
        time,
        streamTime,
        refusals,
        misses,
        strangers);
  }

  /** The same with other budgets. */
  public Limits withBudgets(Rate refusals, Rate misses, Rate strangers) {
    return new Limits(
        bodyBytes,
        memory,
        batch,
        reads,
        changes,
        streams,
        pages,
        time,
        streamTime,
        refusals,
        misses,
        strangers);
  }
}
