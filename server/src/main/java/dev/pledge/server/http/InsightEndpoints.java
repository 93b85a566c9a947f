package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Listing;
import dev.pledge.engine.gate.ProvenHistory;
import dev.pledge.engine.gate.SubjectView;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.MarkKey;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What people may know of themselves, their choices and access history, and who may be addressed.
 */
final class InsightEndpoints {
  static final int PAGE = 50;
  static final int MOST = 200;

  private final Pledge pledge;

  InsightEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  // ---------------------------------------------------------------- choices

  Answer consents(Call call) {
    SubjectId subject = call.subject();
    int limit = call.queryNumber("limit", 1, MOST, PAGE);
    String cursor = call.optionalQuery("cursor");
    SubjectView view;
    try {
      view = pledge.choices(call.who(), subject, cursor, limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    return switch (view) {
      case SubjectView.Choices choices -> Answer.json(200, choices(choices));
      case SubjectView.State _, SubjectView.Unknown _ ->
          Answer.problem(Call.NOT_FOUND, call.language());
    };
  }

  private static ObjectNode choices(SubjectView.Choices choices) {
    ObjectNode json = Json.object();
    ArrayNode current = json.putArray("state");
    for (Choice choice : choices.current()) {
      ObjectNode one = current.addObject().put("purpose", choice.purpose());
      put(one, "product", choice.product());
      put(one, "channel", choice.channel());
      one.put("coverage", Outputs.word(choice.coverage()));
      one.put("decision", Outputs.word(choice.answer()));
      one.put("by", Outputs.word(choice.by()));
      one.put("policy", choice.version().toString());
      one.put("id", choice.id().toString());
    }
    ArrayNode history = json.putArray("history");
    for (Consents.Event event : choices.events()) {
      ObjectNode one = history.addObject().put("purpose", event.purpose());
      put(one, "product", event.product());
      put(one, "channel", event.channel());
      one.put("coverage", Outputs.word(event.coverage()));
      one.put("decision", Outputs.word(event.answer()));
      one.put("by", Outputs.word(event.by()));
      one.put("policy", event.policy().toString());
      one.put("at", event.at().toString());
      one.put("id", event.id().toString());
    }
    choices.next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(choices.receipt()));
    return json;
  }

  private static void put(ObjectNode json, String member, @Nullable Object value) {
    if (value != null) {
      json.put(member, value.toString());
    }
  }

  // ---------------------------------------------------------------- history

  Answer history(Call call) {
    SubjectId subject = call.subject();
    int limit = call.queryNumber("limit", 1, MOST, PAGE);
    String cursor = call.optionalQuery("cursor");
    HistoryFilter filter = HistoryQuery.filter(call);
    AccessHistory history;
    try {
      history = pledge.history(call.who(), subject, filter, cursor, limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    return switch (history) {
      case AccessHistory.Page page -> Answer.json(200, page(page));
      case AccessHistory.Exported _, AccessHistory.Unknown _ ->
          Answer.problem(Call.NOT_FOUND, call.language());
    };
  }

  Answer exportHistory(Call call) {
    SubjectId subject = call.subject();
    HistoryFilter filter = HistoryQuery.filter(call);
    return new Answer.Streamed(
        lines -> {
          AccessHistory exported =
              pledge.exportHistory(call.who(), subject, filter, line -> lines.line(line(line)));
          switch (exported) {
            case AccessHistory.Exported(long count, var receipt) -> {
              ObjectNode end = Json.object().put("end", true).put("count", count);
              end.set("receipt", Outputs.receipt(receipt));
              lines.line(end);
            }
            case AccessHistory.Page _, AccessHistory.Unknown _ -> throw Call.NOT_FOUND.found();
          }
        });
  }

  Answer proveHistory(Call call) {
    SubjectId subject = call.subject();
    String asked = call.optionalQuery("log");
    String log = asked == null ? pledge.log().name() : asked;
    if (pledge.log(log).isEmpty()) {
      throw Call.NOT_FOUND.found();
    }
    return new Answer.Streamed(
        lines -> {
          switch (pledge.proveHistory(call.who(), subject, log, new ProofLines(lines))) {
            case ProvenHistory.Stated(long count, String statement, var receipt) -> {
              ObjectNode end = Json.object().put("end", true).put("count", count);
              end.put("statement", statement).set("receipt", Outputs.receipt(receipt));
              lines.line(end);
            }
            case ProvenHistory.NotYet _ -> throw LogEndpoints.NOT_YET.found();
            case ProvenHistory.Unknown _ -> throw Call.NOT_FOUND.found();
          }
        });
  }

  /** As `pledge audit verify --mine` reads them. */
  private record ProofLines(Answer.Lines lines) implements ProvenHistory.Taker {
    @Override
    public void begin(byte[] checkpoint, MarkKey key) {
      lines.line(
          Json.object()
              .put("checkpoint", new String(checkpoint, StandardCharsets.UTF_8))
              .put("markKey", Base64.getEncoder().encodeToString(key.toByteArray())));
    }

    @Override
    public void entry(OwnEntries.Included entry, boolean checkable) {
      ObjectNode line = Json.object().put("position", entry.position());
      line.put("entry", Base64.getEncoder().encodeToString(entry.entry().encode()));
      line.put("checkable", checkable);
      line.set("proof", Outputs.hashes(entry.proof()));
      lines.line(line);
    }
  }

  private ObjectNode page(AccessHistory.Page page) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.lines().forEach(line -> items.add(line(line)));
    page.next().ifPresent(next -> json.put("next", next));
    page.reached().ifPresent(reached -> json.put("reached", reached.toString()));
    json.set("receipt", Outputs.receipt(page.receipt()));
    return json;
  }

  private ObjectNode line(AccessHistory.Line line) {
    Entry entry = line.recorded().entry();
    Facts facts = entry.facts();
    ObjectNode json = Json.object();
    json.put("entry", entry.id().toString());
    json.put("log", pledge.origin(line.recorded().log()));
    line.recorded().position().ifPresent(position -> json.put("position", position));
    json.put("leaf", line.recorded().leaf().toString());
    json.put("at", facts.at().toString());
    json.put("act", facts.kind().toString());
    json.put("outcome", Outputs.word(facts.outcome()));
    json.put("kind", facts.caller().type());
    facts.caller().id().ifPresent(actor -> json.put("actor", actor));
    facts.target().ifPresent(target -> json.put("target", target));
    facts.purpose().ifPresent(purpose -> json.put("purpose", purpose));
    facts.product().ifPresent(product -> json.put("product", product));
    facts.channel().ifPresent(channel -> json.put("channel", channel));
    facts.exception().ifPresent(exception -> json.put("exception", exception));
    facts.recipient().ifPresent(recipient -> json.put("recipient", recipient));
    facts.policy().ifPresent(policy -> json.put("policy", policy));
    facts.reason().ifPresent(why -> why(json, why));
    put(json, "justification", line.justification());
    ArrayNode fields = json.putArray("fields");
    facts.verdicts().forEach(verdict -> fields.add(verdict(verdict)));
    if (facts.unknownNames() > 0) {
      json.put("unknownNames", facts.unknownNames());
    }
    return json;
  }

  private static ObjectNode verdict(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Granted granted -> {
        ObjectNode json = Json.object().put("field", granted.field());
        granted.view().ifPresent(view -> json.put("view", view));
        granted.purpose().ifPresent(purpose -> json.put("purpose", purpose));
        granted.clause().ifPresent(clause -> json.put("clause", clause));
        yield json.put("count", granted.count());
      }
      case Verdict.Withheld withheld -> {
        ObjectNode json = Json.object().put("field", withheld.field());
        why(json, withheld.why());
        yield json;
      }
    };
  }

  private static void why(ObjectNode json, Reason why) {
    json.put("rule", why.rule());
    why.clause().ifPresent(clause -> json.put("clause", clause));
    why.reason().ifPresent(reason -> json.put("reason", reason));
  }

  // ---------------------------------------------------------------- audience

  Answer audience(Call call) {
    String purpose = call.query("purpose");
    String product = call.query("product");
    String channel = call.optionalQuery("channel");
    return new Answer.Streamed(
        lines -> {
          Listing listing =
              pledge.audience(
                  call.who(),
                  purpose,
                  channel,
                  product,
                  subject -> lines.line(Json.object().put("subject", subject.toString())));
          switch (listing) {
            case Listing.Complete(long count, var receipt) -> {
              ObjectNode end = Json.object().put("end", true).put("count", count);
              end.set("receipt", Outputs.receipt(receipt));
              lines.line(end);
            }
            case Listing.Refused(var reason, var clause, var receipt) ->
                throw Outputs.refused(reason, clause, receipt).found();
          }
        });
  }
}
