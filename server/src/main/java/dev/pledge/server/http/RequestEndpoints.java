package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.rights.Judgement;
import dev.pledge.engine.rights.RequestNumber;
import dev.pledge.engine.rights.Rights;
import dev.pledge.engine.rights.Rights.Due;
import dev.pledge.engine.rights.Rights.HowSeen;
import dev.pledge.engine.rights.Wish;
import dev.pledge.policy.names.ClauseId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rights requests as members of staff work on them (V.4). */
final class RequestEndpoints {
  private static final int PAGE = 50;
  private static final String OPEN = "open";
  private static final String ALL = "all";

  private static final Map<String, RequestKind> KINDS =
      words(RequestKind.values(), RequestKind::word);
  private static final Map<String, RequestState> STATES =
      words(RequestState.values(), RequestState::word);
  private static final Map<String, Ruling> RULINGS = words(Ruling.values(), Ruling::word);
  private static final Map<String, HowSeen> SEEN = words(HowSeen.values(), HowSeen::word);
  private static final Map<String, Due> DUES =
      words(Due.values(), due -> due.name().toLowerCase(Locale.ROOT));

  private static final Words CLAUSE = new Words("write a clause such as `V.3`", "应为条款，如 `V.3`");
  private static final Words EITHER =
      new Words(
          "say how it was seen who asks, or with `text` ask them to show it",
          "应说明如何核实身份，或以 `text` 请本人出示证明");

  private static final Problem BAD_NUMBER =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `number` is a number such as `R-7K3Q-92MD`; one character of it is wrong.",
          "参数 `number` 应为请求编号，如 `R-7K3Q-92MD`，其中有误。");

  private final Pledge pledge;
  private final Once once;

  RequestEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  private static <T> Map<String, T> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(word, value -> value));
  }

  // ------------------------------------------------------------------------------------- looking

  Answer queue(Call call) {
    Rights.Query query =
        new Rights.Query(
            states(call.optionalQuery("state")),
            Optional.ofNullable(call.optionalQuery("kind")).map(word -> one("kind", KINDS, word)),
            Optional.ofNullable(call.optionalQuery("product")),
            Optional.ofNullable(call.optionalQuery("number"))
                .map(text -> RequestNumber.read(text).orElseThrow(BAD_NUMBER::found)),
            Optional.ofNullable(call.optionalQuery("due"))
                .map(word -> one("due", DUES, word))
                .orElse(Due.ANY));
    int limit = call.queryNumber("limit", 1, Requests.MOST, PAGE);
    try {
      return RequestJson.shown(
          pledge.requests(call.who(), query, call.optionalQuery("cursor"), limit), call.language());
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
  }

  private static Set<RequestState> states(@Nullable String state) {
    if (state == null || state.equals(OPEN)) {
      return Arrays.stream(RequestState.values())
          .filter(each -> !each.isOver())
          .collect(Collectors.toUnmodifiableSet());
    }
    return state.equals(ALL)
        ? EnumSet.allOf(RequestState.class)
        : Set.of(one("state", STATES, state));
  }

  private static <T> T one(String parameter, Map<String, T> words, String word) {
    T value = words.get(word);
    if (value == null) {
      String list = words.keySet().stream().sorted().toList().toString();
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The parameter `" + parameter + "` is one of " + list + ".",
              "参数 `" + parameter + "` 应为以下之一：" + list + "。")
          .found();
    }
    return value;
  }

  Answer show(Call call) {
    return RequestJson.shown(pledge.request(call.who(), request(call)), call.language());
  }

  Answer document(Call call) {
    return RequestJson.shown(
        pledge.requestDocument(call.who(), request(call), Inputs.pathId(call, "document")),
        call.language());
  }

  // -------------------------------------------------------------------------------------- moving

  Answer take(Call call) {
    UUID request = request(call);
    var _ = call.members();
    return once.change(
        call, changes -> RequestJson.moved(200, changes.take(request), call.language()));
  }

  Answer write(Call call) {
    UUID request = request(call);
    Members members = call.members("text");
    String text = Inputs.made(members, () -> Wish.words(members.text("text"), "text"));
    return once.change(
        call, changes -> RequestJson.moved(201, changes.write(request, text), call.language()));
  }

  Answer identity(Call call) {
    UUID request = request(call);
    Members members = call.members("how", "text");
    if (members.has("how") == members.has("text")) {
      throw members.wrong("how", EITHER);
    }
    if (members.has("text")) {
      String text = Inputs.made(members, () -> Wish.words(members.text("text"), "text"));
      return once.change(
          call,
          changes -> RequestJson.moved(200, changes.wantIdentity(request, text), call.language()));
    }
    HowSeen how = members.word("how", SEEN);
    return once.change(
        call,
        changes -> RequestJson.moved(200, changes.checkIdentity(request, how), call.language()));
  }

  Answer extend(Call call) {
    UUID request = request(call);
    Members members = call.members("reason");
    String reason = Inputs.made(members, () -> Wish.words(members.text("reason"), "reason"));
    return once.change(
        call, changes -> RequestJson.moved(200, changes.extend(request, reason), call.language()));
  }

  Answer decide(Call call) {
    UUID request = request(call);
    Members members = call.members("ruling", "reasons", "clause", "fields", "conditions");
    Judgement judgement =
        Inputs.made(
            members,
            () ->
                new Judgement(
                    members.word("ruling", RULINGS),
                    members.text("reasons"),
                    members.has("clause")
                        ? Optional.of(members.read("clause", ClauseId::new, CLAUSE))
                        : Optional.empty(),
                    new HashSet<>(members.optionalTexts("fields", Wish.MOST_FIELDS)),
                    conditions(members)));
    return once.change(
        call,
        changes -> RequestJson.moved(200, changes.decide(request, judgement), call.language()));
  }

  Answer again(Call call) {
    UUID request = request(call);
    Set<String> conditions = conditions(call.members("conditions"));
    return once.change(
        call,
        changes -> RequestJson.moved(200, changes.again(request, conditions), call.language()));
  }

  private static Set<String> conditions(Members members) {
    return new HashSet<>(members.optionalTexts("conditions", Collection.MOST_CONDITIONS));
  }

  Answer complete(Call call) {
    UUID request = request(call);
    var _ = call.members();
    return once.change(
        call, changes -> RequestJson.moved(200, changes.complete(request), call.language()));
  }

  private static UUID request(Call call) {
    return Inputs.pathId(call, "request");
  }
}
