package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.HeldAnswer;
import dev.pledge.engine.gate.HeldAnswer.Held;
import dev.pledge.engine.gate.HoldListing;
import dev.pledge.engine.gate.HoldPlaced;
import dev.pledge.engine.gate.HoldRequest;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Legal holds: what the law has kept for a purpose of its own (II.I.7, II.II.3). */
final class HoldEndpoints {
  private static final int PAGE = 50;
  private static final Problem BAD_CASE =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `case` is the id that placing a hold gave.",
          "参数 `case` 应为设立保全时返回的编号。");

  private final Pledge pledge;
  private final Once once;

  HoldEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer place(Call call) {
    HoldRequest request =
        Inputs.hold(call.members("purpose", "product", "fields", "reference", "until", "case"));
    SubjectId subject = call.subject();
    return once.change(call, changes -> placed(changes.hold(subject, request), call.language()));
  }

  private static Answer.Whole placed(HoldPlaced placed, Locale language) {
    return switch (placed) {
      case HoldPlaced.Placed hold -> {
        ObjectNode json = Json.object();
        json.put("hold", hold.hold().toString());
        json.put("case", hold.legalCase().toString());
        json.put("until", hold.until().toString());
        json.set("receipt", Outputs.receipt(hold.receipt()));
        yield Answer.json(201, json);
      }
      case HoldPlaced.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case HoldPlaced.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), language);
    };
  }

  Answer lift(Call call) {
    UUID hold = id(call.path().get("id"));
    return once.change(call, changes -> SubjectEndpoints.done(changes.lift(hold), call.language()));
  }

  Answer list(Call call) {
    Optional<UUID> legalCase =
        Optional.ofNullable(call.optionalQuery("case")).map(HoldEndpoints::legalCase);
    HoldListing listing = pledge.holds(call.who(), legalCase);
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    listing.holds().forEach(hold -> items.add(shown(hold)));
    json.put("cut", listing.cut());
    json.set("receipt", Outputs.receipt(listing.receipt()));
    return Answer.json(200, json);
  }

  Answer open(Call call) {
    UUID hold = id(call.path().get("id"));
    int limit = call.queryNumber("limit", 1, Gate.MOST_HELD, PAGE);
    HeldAnswer answer;
    try {
      answer = pledge.openHeld(call.who(), hold, call.optionalQuery("cursor"), limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    return switch (answer) {
      case HeldAnswer.Opened opened -> Answer.json(200, opened(opened));
      case HeldAnswer.Unknown _ -> Answer.problem(Call.NOT_FOUND, call.language());
      case HeldAnswer.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), call.language());
    };
  }

  private static ObjectNode opened(HeldAnswer.Opened opened) {
    ObjectNode json = shown(opened.hold());
    json.put("reference", opened.reference());
    json.put("view", opened.view().word());
    ArrayNode values = json.putArray("values");
    for (Held held : opened.values()) {
      ObjectNode value = values.addObject();
      value.put("field", held.field().toString());
      value.put("product", held.product().value());
      value.put("source", held.source().value());
      value.put("collectedAt", held.collectedAt().toString());
      if (held.observedAt() != null) {
        value.put("observedAt", held.observedAt().toString());
      }
      value.set("value", Json.tree(held.json()));
    }
    opened.next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(opened.receipt()));
    return json;
  }

  private static ObjectNode shown(LegalHold hold) {
    ObjectNode json = Json.object();
    json.put("hold", hold.id().toString());
    json.put("case", hold.legalCase().toString());
    hold.subject().ifPresent(subject -> json.put("subject", subject.toString()));
    json.put("purpose", hold.purpose());
    json.put("product", hold.product());
    ArrayNode fields = json.putArray("fields");
    hold.fields().stream().map(FieldId::toString).sorted().forEach(fields::add);
    json.put("officer", hold.officer().value());
    json.put("placedAt", hold.placedAt().toString());
    json.put("until", hold.until().toString());
    return json;
  }

  private static UUID legalCase(String text) {
    try {
      return Inputs.uuid(text);
    } catch (IllegalArgumentException e) {
      throw BAD_CASE.found();
    }
  }

  private static UUID id(@Nullable String text) {
    try {
      return Inputs.uuid(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
  }
}
