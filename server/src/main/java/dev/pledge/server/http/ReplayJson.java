package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.audit.Place;
import dev.pledge.engine.gate.Obstacle;
import dev.pledge.engine.gate.Replayed;
import dev.pledge.policy.names.PolicyVersion;

/** What came of a replay, as JSON. */
public final class ReplayJson {
  private ReplayJson() {}

  /** The text, indented; {@code under} is the version that decided again. */
  public static String text(PolicyVersion under, Replayed replayed) {
    ObjectNode json = Json.object();
    json.put("under", under.toString());
    json.put("decided", replayed.decided());
    json.put("inPart", replayed.inPart());
    ArrayNode changes = json.putArray("changes");
    for (Replayed.Change change : replayed.changes()) {
      ObjectNode one = of(change.of());
      one.set("after", told(change.after()));
      changes.add(put(one, change.entries()));
    }
    ArrayNode open = json.putArray("cannotBeTold");
    for (Replayed.Open each : replayed.open()) {
      ObjectNode one = of(each.of());
      ArrayNode either = one.putArray("either");
      each.either().forEach(told -> either.add(told(told)));
      open.add(put(one, each.entries()));
    }
    ArrayNode undecided = json.putArray("notDecided");
    for (Obstacle obstacle : Obstacle.values()) {
      Replayed.Some some = replayed.undecided().get(obstacle);
      if (some != null) {
        ObjectNode one = Json.object().put("why", obstacle.word());
        undecided.add(put(one.put("detail", obstacle.sentence()), some));
      }
    }
    return Json.pretty(json);
  }

  private static ObjectNode of(Replayed.Of of) {
    ObjectNode json = Json.object();
    of.purpose().ifPresent(purpose -> json.put("purpose", purpose));
    json.put("field", of.field()).put("who", of.who());
    json.set("before", told(of.before()));
    return json;
  }

  private static ObjectNode told(Replayed.Told told) {
    ObjectNode json = Json.object().put("outcome", told.outcome());
    told.rule().ifPresent(rule -> json.put("rule", rule));
    told.reason().ifPresent(reason -> json.put("reason", reason));
    told.clause().ifPresent(clause -> json.put("clause", clause));
    return json;
  }

  private static ObjectNode put(ObjectNode json, Replayed.Some some) {
    json.put("count", some.count());
    ArrayNode places = json.putArray("places");
    for (Place place : some.places()) {
      places.addObject().put("log", place.log()).put("position", place.position());
    }
    return json;
  }
}
