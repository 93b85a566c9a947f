package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.watch.Acknowledged;
import dev.pledge.engine.watch.Alarm;
import dev.pledge.engine.watch.AlarmPage;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.engine.watch.Watched;
import dev.pledge.policy.names.ClauseId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Alarms for unusual access: listed and acknowledged (IV.2, IV.3). */
final class AlarmEndpoints {
  private static final int PAGE = 50;
  private static final Map<String, Alarms.Which> STATES =
      Map.of("open", Alarms.Which.OPEN, "all", Alarms.Which.ALL);
  private static final Map<String, Alarm.Finding> FINDINGS =
      Map.of(
          "false-alarm", Alarm.Finding.FALSE_ALARM,
          "justified", Alarm.Finding.JUSTIFIED,
          "unjustified", Alarm.Finding.UNJUSTIFIED);

  private final Pledge pledge;
  private final Once once;

  AlarmEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer list(Call call) {
    Alarms.Which which = which(call.optionalQuery("state"));
    int limit = call.queryNumber("limit", 1, Alarms.MOST, PAGE);
    try {
      return Answer.json(
          200, listed(pledge.alarms(call.who(), which, call.optionalQuery("cursor"), limit)));
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
  }

  private static Alarms.Which which(@Nullable String state) {
    Alarms.Which which = STATES.get(state == null ? "all" : state);
    if (which == null) {
      throw OversightEndpoints.BAD_STATE.found();
    }
    return which;
  }

  private ObjectNode listed(AlarmPage page) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.alarms().forEach(alarm -> items.add(listed(alarm)));
    page.next().ifPresent(next -> json.put("next", next));
    json.set("watched", watched(page.watched()));
    json.set("receipt", Outputs.receipt(page.receipt()));
    return json;
  }

  private ObjectNode listed(Alarm alarm) {
    ObjectNode json = Json.object();
    json.put("alarm", alarm.id().toString());
    json.put("rule", alarm.rule().word());
    alarm.actor().ifPresent(actor -> json.put("actor", actor));
    alarm.purpose().ifPresent(purpose -> json.put("purpose", purpose));
    json.put("count", alarm.count());
    json.put("first", alarm.first().position());
    json.put("firstLog", pledge.origin(alarm.first().log()));
    json.put("last", alarm.last().position());
    json.put("lastLog", pledge.origin(alarm.last().log()));
    json.put("raisedAt", alarm.raisedAt().toString());
    json.put("lastAt", alarm.lastAt().toString());
    json.put("state", alarm.done().isEmpty() ? "open" : "acknowledged");
    alarm
        .done()
        .ifPresent(
            done -> {
              json.put("finding", done.finding().word());
              json.put("acknowledgedBy", done.by().value());
              json.put("acknowledgedAt", done.at().toString());
            });
    return json;
  }

  private ObjectNode watched(List<Watched> watched) {
    ObjectNode json =
        Json.object().put("entries", watched.stream().mapToLong(Watched::entries).sum());
    watched.stream()
        .flatMap(log -> log.at().stream())
        .max(Comparator.naturalOrder())
        .ifPresent(at -> json.put("at", at.toString()));
    ArrayNode logs = json.putArray("logs");
    for (Watched each : watched) {
      ObjectNode log = logs.addObject().put("log", pledge.origin(each.log()));
      log.put("entries", each.entries());
      each.at().ifPresent(at -> log.put("at", at.toString()));
    }
    return json;
  }

  Answer acknowledge(Call call) {
    Alarm.Finding finding = call.members("finding").word("finding", FINDINGS);
    UUID alarm = alarm(call.path().get("id"));
    return once.change(
        call, changes -> acknowledged(changes.acknowledge(alarm, finding), call.language()));
  }

  private static UUID alarm(String text) {
    try {
      return Inputs.uuid(text);
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
  }

  private static Answer.Whole acknowledged(Acknowledged acknowledged, Locale language) {
    return switch (acknowledged) {
      case Acknowledged.Done(Receipt receipt) ->
          Answer.json(200, Json.object().set("receipt", Outputs.receipt(receipt)));
      case Acknowledged.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Acknowledged.Already(Receipt receipt) ->
          Answer.problem(
              Problem.of(
                      ProblemType.ALREADY_ACKNOWLEDGED,
                      "Somebody has acknowledged this alarm already.",
                      "该告警已由他人确认。")
                  .withMember("receipt", Outputs.receipt(receipt)),
              language);
      case Acknowledged.Refused(var reason, var receipt) ->
          Answer.problem(
              Outputs.refused(reason, new ClauseId(Alarms.ACKNOWLEDGED_BY), receipt), language);
    };
  }
}
