package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.StoredDocument;
import dev.pledge.engine.rights.Judgement;
import dev.pledge.engine.rights.Moved;
import dev.pledge.engine.rights.NotNow;
import dev.pledge.engine.rights.Shown;
import dev.pledge.engine.rights.Wish;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rights requests as callers are told of them. */
final class RequestJson {
  private RequestJson() {}

  /** What came of a change, with {@code status} where it was made. */
  static Answer.Whole moved(int status, Moved moved, Locale language) {
    return switch (moved) {
      case Moved.Done done -> {
        ObjectNode json = of(done.request());
        if (!done.record().equals(done.request().id())) {
          json.put("record", done.record().toString());
        }
        json.set("receipt", Outputs.receipt(done.receipt()));
        yield Answer.json(status, json);
      }
      case Moved.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Moved.Refused(NotNow why, var receipt) ->
          Answer.problem(problem(why).withMember("receipt", Outputs.receipt(receipt)), language);
    };
  }

  static Problem problem(NotNow why) {
    return Problem.of(type(why), why.sentence(Locale.ENGLISH), why.sentence(Locale.CHINESE))
        .because(why.clause())
        .with(Json.object().put("reason", why.word()));
  }

  private static ProblemType type(NotNow why) {
    return switch (why) {
      case NOT_A_MEMBER_OF_STAFF,
          NO_ROLE,
          OTHER_PRODUCT,
          UNKNOWN_NAMES,
          DECIDED_BY_THE_SAME,
          NO_EXTENSION ->
          ProblemType.REFUSED;
      case IDENTITY_NOT_CHECKED,
          ALREADY_DECIDED,
          NOT_UNDECIDED,
          NOTHING_TO_APPEAL,
          ALREADY_EXTENDED,
          LATE_TO_EXTEND,
          TOO_MANY_REQUESTS,
          TOO_MANY_DOCUMENTS,
          TOO_MANY_MESSAGES,
          NO_SUCH_PART,
          NOTHING_TO_CARRY_OUT ->
          ProblemType.REQUEST_STANDS;
    };
  }

  static Answer.Whole shown(Shown shown, Locale language) {
    return switch (shown) {
      case Shown.One one -> Answer.json(200, of(one));
      case Shown.Own(var requests, var receipt) -> {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        requests.forEach(request -> items.add(of(request)));
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(200, json);
      }
      case Shown.Queue queue -> Answer.json(200, of(queue));
      case Shown.Document(var type, byte[] content, var _) ->
          new Answer.Whole(200, type.media(), java.util.Map.of(), content)
              .with(
                  "Content-Disposition", "attachment; filename=\"document." + type.ending() + "\"");
      case Shown.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Shown.Refused(NotNow why, var receipt) ->
          Answer.problem(problem(why).withMember("receipt", Outputs.receipt(receipt)), language);
    };
  }

  private static ObjectNode of(Shown.Queue queue) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    for (RightsRequest request : queue.page().requests()) {
      ObjectNode item = of(request);
      item.put("subject", request.subject().toString());
      request
          .due()
          .ifPresent(
              due -> {
                item.put("overdue", !queue.now().isBefore(due));
                item.put("dueSoon", queue.now().isBefore(due) && !due.isAfter(queue.soon()));
              });
      items.add(item);
    }
    queue.page().next().ifPresent(next -> json.put("next", next.toString()));
    ObjectNode counts = json.putObject("counts");
    new TreeMap<>(queue.counts().byState())
        .forEach((state, count) -> counts.put(state.word(), count));
    json.put("overdue", queue.counts().overdue());
    json.put("dueSoon", queue.counts().soon());
    json.put("failed", queue.counts().failed());
    json.set("receipt", Outputs.receipt(queue.receipt()));
    return json;
  }

  private static ObjectNode of(Shown.One one) {
    RightsRequest request = one.request();
    ObjectNode json = of(request);
    json.put("subject", request.subject().toString());
    json.set("asked", of(one.wish()));
    one.judgement().ifPresent(judgement -> json.set("decision", of(request, judgement)));
    ArrayNode messages = json.putArray("messages");
    for (Shown.Said said : one.messages()) {
      ObjectNode message = messages.addObject().put("message", said.id().toString());
      message.put("at", said.at().toString());
      message.put("from", said.author().isPresent() ? "staff" : "person");
      message.put("text", said.text());
    }
    ArrayNode documents = json.putArray("documents");
    for (StoredDocument stored : one.documents()) {
      documents
          .addObject()
          .put("document", stored.id().toString())
          .put("at", stored.at().toString())
          .put("type", stored.type().media())
          .put("size", stored.size());
    }
    json.set("receipt", Outputs.receipt(one.receipt()));
    return json;
  }

  private static ObjectNode of(Wish wish) {
    ObjectNode json = Json.object();
    wish.text().ifPresent(text -> json.put("text", text));
    ArrayNode fields = json.putArray("fields");
    wish.fields().forEach(fields::add);
    ObjectNode values = json.putObject("values");
    wish.values().forEach((field, value) -> values.set(field, Json.tree(value)));
    wish.purpose().ifPresent(purpose -> json.put("purpose", purpose));
    wish.channel().ifPresent(channel -> json.put("channel", channel));
    return json;
  }

  private static ObjectNode of(RightsRequest request, Judgement judgement) {
    ObjectNode json = Json.object().put("ruling", judgement.ruling().word());
    json.put("reasons", judgement.reasons());
    judgement.clause().map(ClauseId::value).ifPresent(clause -> json.put("clause", clause));
    ArrayNode fields = json.putArray("fields");
    new TreeSet<>(judgement.fields()).forEach(fields::add);
    request.decided().ifPresent(decided -> json.put("at", decided.at().toString()));
    return json;
  }

  /** What is told of a request without what was written. */
  private static ObjectNode of(RightsRequest request) {
    ObjectNode json = Json.object().put("request", request.id().toString());
    json.put("number", request.number());
    json.put("kind", request.kind().word());
    json.put("state", request.state().word());
    request.product().map(ProductId::value).ifPresent(product -> json.put("product", product));
    json.put("policy", request.policy());
    put(json, "appeals", request.appeals().map(UUID::toString));
    RightsRequest.Clock clock = request.clock();
    json.put("receivedAt", clock.receivedAt().toString());
    put(json, "confirmedAt", clock.confirmedAt().map(Object::toString));
    put(json, "confirmBy", clock.confirmBy().map(Object::toString));
    put(json, "answerBy", clock.answerBy().map(Object::toString));
    put(json, "extendedAt", clock.extendedAt().map(Object::toString));
    put(json, "due", request.due().map(Object::toString));
    ObjectNode identity = json.putObject("identity");
    identity.put("needed", request.identity().needed());
    request
        .identity()
        .check()
        .ifPresent(
            check ->
                identity
                    .put("how", check.how())
                    .put("by", check.by().value())
                    .put("at", check.at().toString()));
    put(json, "handler", request.handler().map(Object::toString));
    put(json, "ruling", request.decided().map(decided -> decided.ruling().word()));
    put(json, "decidedAt", request.decided().map(decided -> decided.at().toString()));
    RightsRequest.Carrying carrying = request.carrying();
    if (carrying.attempts() > 0) {
      ObjectNode tried = json.putObject("carryingOut").put("attempts", carrying.attempts());
      put(tried, "failure", carrying.failure());
      put(tried, "nextTry", carrying.nextTry().map(Object::toString));
    }
    put(json, "endedAt", request.endedAt().map(Object::toString));
    return json;
  }

  private static void put(ObjectNode json, String name, Optional<String> value) {
    @Nullable String text = value.orElse(null);
    if (text != null) {
      json.put(name, text);
    }
  }
}
