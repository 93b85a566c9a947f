package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.OutboxListing;
import dev.pledge.engine.outbox.Message;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.outbox.Waiting;

/** What waits for recipients: listed for officers (III.I.1, V.1, V.2). */
final class OutboxEndpoints {
  private static final int PAGE = 50;

  private final Pledge pledge;

  OutboxEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  Answer list(Call call) {
    int limit = call.queryNumber("limit", 1, Outbox.MOST, PAGE);
    OutboxListing listing;
    try {
      listing = pledge.outbox(call.who(), call.optionalQuery("cursor"), limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    listing.page().messages().forEach(waiting -> items.add(shown(waiting)));
    listing.page().next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(listing.receipt()));
    return Answer.json(200, json);
  }

  private static ObjectNode shown(Waiting waiting) {
    Message message = waiting.message();
    ObjectNode json = Json.object();
    json.put("message", waiting.name());
    json.put("recipient", message.recipient());
    json.put("state", waiting.state());
    json.put("cause", message.cause().word());
    ArrayNode fields = json.putArray("fields");
    message.fields().forEach(fields::add);
    message.purpose().ifPresent(purpose -> json.put("purpose", purpose));
    message.product().ifPresent(product -> json.put("product", product));
    json.put("since", waiting.since().toString());
    return json;
  }
}
