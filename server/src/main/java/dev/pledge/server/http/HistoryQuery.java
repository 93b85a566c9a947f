package dev.pledge.server.http;

import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which entries of a history an address asks for. */
final class HistoryQuery {
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final Words TIME =
      new Words("is a time such as `2026-01-31T00:00:00Z`", "应为时间，如 `2026-01-31T00:00:00Z`");
  private static final Words TO =
      new Words(
          "is a time such as `2026-01-31T00:00:00Z`, later than `from`",
          "应为晚于 `from` 的时间，如 `2026-01-31T00:00:00Z`");
  private static final Words ACT =
      new Words(
          "is an act of the log, such as `read`, `lookup` or `explain`",
          "应为日志中的行为，如 `read`、`lookup` 或 `explain`");
  private static final Words OUTCOME =
      new Words("is `permitted`, `partly` or `refused`", "应为 `permitted`、`partly` 或 `refused`");
  private static final Map<String, Outcome> OUTCOMES =
      Map.of(
          "permitted", Outcome.PERMITTED,
          "partly", Outcome.PARTLY,
          "refused", Outcome.REFUSED);

  private HistoryQuery() {}

  /**
   * The filter in the query of a call.
   *
   * @throws ProblemFound if a part of it can be none
   */
  static HistoryFilter filter(Call call) {
    Optional<Instant> from = read(call, "from", HistoryQuery::time, TIME);
    return new HistoryFilter(
        from,
        read(call, "to", text -> timeAfter(from, text), TO),
        Optional.ofNullable(call.optionalQuery("purpose")),
        Optional.ofNullable(call.optionalQuery("actor")),
        read(call, "act", HistoryQuery::act, ACT),
        read(call, "outcome", HistoryQuery::outcome, OUTCOME));
  }

  private static <T> Optional<T> read(
      Call call, String name, Function<String, T> reader, Words form) {
    String text = call.optionalQuery(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(text));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The parameter `" + name + "` " + form.english() + ".",
              "参数 `" + name + "` " + form.chinese() + "。")
          .found();
    }
  }

  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException("out of range");
    }
    return time;
  }

  private static Instant timeAfter(Optional<Instant> from, String text) {
    Instant time = time(text);
    if (from.filter(start -> !start.isBefore(time)).isPresent()) {
      throw new IllegalArgumentException("ends before it begins");
    }
    return time;
  }

  private static Kind act(String text) {
    Kind act = new Kind(text);
    if (!Kind.KNOWN.contains(act)) {
      throw new IllegalArgumentException("no act");
    }
    return act;
  }

  private static Outcome outcome(String text) {
    Outcome outcome = OUTCOMES.get(text);
    if (outcome == null) {
      throw new IllegalArgumentException("no outcome");
    }
    return outcome;
  }
}
