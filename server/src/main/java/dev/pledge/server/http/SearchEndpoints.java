package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.LogSearch;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ClauseId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log for auditors (IV.2). What an answer says of an entry is what many people share: neither
 * mark nor nonce, nothing of how a person stood, and nothing that is sealed.
 */
final class SearchEndpoints {
  private static final int PAGE = 50;

  private static final Map<String, Outcome> OUTCOMES =
      Stream.of(Outcome.values()).collect(Collectors.toMap(Outputs::word, each -> each));

  private static final Map<String, String> CALLERS =
      Stream.of(
              Caller.SERVICE,
              Caller.STAFF,
              Caller.PARTNER,
              Caller.AUDITOR,
              Caller.SYSTEM,
              Caller.SELF,
              Caller.GUARDIAN,
              Caller.AGENT,
              Caller.HEIR,
              Caller.ANONYMOUS)
          .collect(Collectors.toMap(each -> each, each -> each));

  private static final Words CLAUSE = new Words("write a clause such as II.I.5", "应为条款编号，如 II.I.5");
  private static final Words TOO_EARLY =
      new Words("`to` has to be later than `from`", "`to` 应晚于 `from`");

  private final Pledge pledge;

  SearchEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  Answer search(Call call) {
    String log = LogEndpoints.named(pledge, call).name();
    Members members =
        call.members(
            "actor",
            "kind",
            "act",
            "outcome",
            "purpose",
            "product",
            "field",
            "clause",
            "reason",
            "exception",
            "from",
            "to",
            "limit",
            "cursor");
    LogQuery query = query(members);
    int limit = members.number("limit", 1, LogSearch.MOST, PAGE);
    String cursor = members.optionalText("cursor");
    SearchAnswer answer;
    try {
      answer = pledge.search(call.who(), log, query, cursor, limit);
    } catch (IllegalArgumentException e) {
      throw members.wrong(
          "cursor", new Words("use the `next` of the page before", "应为上一页的 `next`"));
    }
    return switch (answer) {
      case SearchAnswer.Page page -> Answer.json(200, page(page, pledge.origin(log)));
      case SearchAnswer.Misnamed(var names) ->
          throw Problem.at(names.stream().map(name -> misnamed(members, name)).toList()).found();
    };
  }

  private static LogQuery query(Members members) {
    Instant from = members.optionalTime("from");
    Instant to = members.optionalTime("to");
    if (from != null && to != null && !from.isBefore(to)) {
      throw members.wrong("to", TOO_EARLY);
    }
    return new LogQuery(
        optional(members, "actor", text -> new ActorId(text).value(), Inputs.ACTOR),
        members.has("kind") ? members.word("kind", CALLERS) : null,
        members.optionalText("act"),
        members.has("outcome") ? members.word("outcome", OUTCOMES) : null,
        members.optionalText("purpose"),
        members.optionalText("product"),
        members.optionalText("field"),
        optional(members, "clause", text -> new ClauseId(text).value(), CLAUSE),
        members.optionalText("reason"),
        members.optionalText("exception"),
        from,
        to);
  }

  private static @Nullable String optional(
      Members members, String name, Function<String, String> reader, Words form) {
    return members.has(name) ? members.read(name, reader, form) : null;
  }

  private static Problem.At misnamed(Members members, SearchAnswer.Name name) {
    Words words =
        name.near()
            .map(
                near ->
                    new Words(
                        "there is no such name; did you mean `" + near + "`?",
                        "没有这一名称；是否指 `" + near + "`？"))
            .orElseGet(() -> new Words("there is no such name", "没有这一名称"));
    return new Problem.At(members.pointer(name.of()), words);
  }

  private static ObjectNode page(SearchAnswer.Page page, String origin) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.entries().forEach(entry -> items.add(entry(entry, origin)));
    json.putObject("scanned").put("from", page.scanned().from()).put("to", page.scanned().to());
    page.next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(page.receipt()));
    return json;
  }

  private static ObjectNode entry(Recorded recorded, String origin) {
    Facts facts = recorded.entry().facts();
    ObjectNode json = Json.object();
    json.put("entry", recorded.entry().id().toString());
    json.put("log", origin);
    json.put("position", recorded.position().orElseThrow());
    json.put("at", facts.at().toString());
    json.put("act", facts.kind().toString());
    json.put("outcome", Outputs.word(facts.outcome()));
    json.put("kind", facts.caller().type());
    put(json, "actor", facts.caller().id());
    List<Caller.Role> roles = facts.caller().roles();
    if (!roles.isEmpty()) {
      ArrayNode names = json.putArray("roles");
      roles.forEach(role -> names.add(role.name()));
    }
    put(json, "approver", facts.caller().approver());
    put(json, "target", facts.target());
    put(json, "purpose", facts.purpose());
    put(json, "product", facts.product());
    put(json, "channel", facts.channel());
    put(json, "exception", facts.exception());
    put(json, "policy", facts.policy());
    facts.reason().ifPresent(why -> put(json, why));
    ArrayNode fields = json.putArray("fields");
    facts.verdicts().forEach(verdict -> fields.add(verdict(verdict)));
    if (facts.unknownNames() > 0) {
      json.put("unknownNames", facts.unknownNames());
    }
    return json;
  }

  private static void put(ObjectNode json, String member, Optional<String> value) {
    value.ifPresent(text -> json.put(member, text));
  }

  private static void put(ObjectNode json, Reason why) {
    json.put("rule", why.rule());
    put(json, "reason", why.reason());
    put(json, "clause", why.clause());
  }

  private static ObjectNode verdict(Verdict verdict) {
    ObjectNode json = Json.object().put("field", verdict.field());
    switch (verdict) {
      case Verdict.Granted granted -> {
        json.put("verdict", "granted");
        put(json, "view", granted.view());
        put(json, "purpose", granted.purpose());
        put(json, "clause", granted.clause());
      }
      case Verdict.Withheld withheld -> {
        json.put("verdict", "withheld");
        put(json, withheld.why());
      }
    }
    return json;
  }
}
