package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.MessageListing;
import dev.pledge.engine.message.Listed;
import dev.pledge.engine.message.MessageState;
import dev.pledge.engine.message.Messages;
import org.jspecify.annotations.Nullable;

/** Messages to people: listed for who looks after the server, without who they are to. */
final class MessageEndpoints {
  private static final int PAGE = 50;
  private static final Problem BAD_STATE =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `state` is `waiting`, `delivered` or `failed`.",
          "参数 `state` 应为 `waiting`、`delivered` 或 `failed`。");

  private final Pledge pledge;

  MessageEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  Answer list(Call call) {
    MessageState state = state(call.optionalQuery("state"));
    int limit = call.queryNumber("limit", 1, Messages.MOST, PAGE);
    MessageListing listing;
    try {
      listing = pledge.messages(call.who(), state, call.optionalQuery("cursor"), limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    listing.page().messages().forEach(listed -> items.add(shown(listed)));
    listing.page().next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(listing.receipt()));
    return Answer.json(200, json);
  }

  private static @Nullable MessageState state(@Nullable String word) {
    return word == null ? null : MessageState.of(word).orElseThrow(BAD_STATE::found);
  }

  private static ObjectNode shown(Listed listed) {
    ObjectNode json = Json.object();
    json.put("message", listed.id().toString());
    json.put("template", listed.template().word());
    json.put("language", listed.language());
    json.put("state", listed.state().word());
    json.put("attempts", listed.attempts());
    listed.failure().ifPresent(why -> json.put("failure", why));
    json.put("since", listed.day().toString());
    return json;
  }
}
