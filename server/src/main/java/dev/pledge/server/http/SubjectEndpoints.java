package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Changes;
import dev.pledge.engine.Outcome;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.Registered;
import dev.pledge.engine.Registration;
import dev.pledge.engine.consent.ConsentChange;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.subject.Acceptance;
import dev.pledge.engine.subject.SubjectView;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** People as such: registered, found, shown, closed, erased. Never their values. */
final class SubjectEndpoints {
  private static final Set<String> ALIASES = Set.of("email", "phone", "external");
  private static final int MOST_CONSENTS = 50;

  static final Problem ALIAS_TAKEN =
      Problem.of(
          ProblemType.ALIAS_TAKEN,
          "One of the aliases is already in use; nothing was stored.",
          "其中一个别名已被使用，未存储任何内容。");

  private final Pledge pledge;
  private final Once once;

  SubjectEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer register(Call call) {
    Members members =
        call.members(
            "product", "aliases", "birthDate", "jurisdiction", "accepted", "consents");
    Registration registration =
        Inputs.made(
            "",
            () ->
                new Registration(
                    call.who(),
                    members.text("product"),
                    aliases(members),
                    members.optionalDate("birthDate"),
                    members.has("accepted") ? Inputs.accepted(members) : null,
                    consents(members),
                    members.optionalText("jurisdiction")));
    return once.change(
        call, changes -> registered(changes.register(registration), call.language()));
  }

  private static Map<String, Object> aliases(Members members) {
    members.object("aliases", ALIASES);
    return members.values("aliases", ALIASES.size());
  }

  private static List<ConsentChange> consents(Members members) {
    return members.optionalObjects("consents", MOST_CONSENTS, Inputs.CONSENT).stream()
        .map(Inputs::consent)
        .toList();
  }

  private static Answer.Whole registered(Registered registered, Locale language) {
    return switch (registered) {
      case Registered.Subject(SubjectId id, var receipt) -> {
        ObjectNode json = Json.object().put("subject", id.toString());
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(201, json).with("Location", Routes.SUBJECTS + "/" + id);
      }
      case Registered.AliasTaken _ -> Answer.problem(ALIAS_TAKEN, language);
      case Registered.Refused(var refused, var receipt) -> {
        Problem problem = Outputs.refused(ProblemType.REFUSED, "refused", refused, language);
        ObjectNode more = problem.more() == null ? Json.object() : problem.more();
        more.set("receipt", Outputs.receipt(receipt));
        yield Answer.problem(problem.with(more), language);
      }
      case Registered.Invalid(var refused) ->
          Answer.problem(
              Outputs.refused(ProblemType.INVALID_VALUES, "refused", refused, language), language);
    };
  }

  Answer lookup(Call call) {
    Members members = call.members("alias", "purpose", "product");
    members.object("alias", ALIASES);
    Map<String, Object> alias = members.values("alias", 1);
    String kind = alias.keySet().iterator().next();
    Object value = alias.values().iterator().next();
    Found found =
        pledge.lookup(
            call.who(), kind, value, members.text("purpose"), members.text("product"));
    Locale language = call.language();
    return switch (found) {
      case Found.Subject(SubjectId id, var receipt) -> {
        ObjectNode json = Json.object().put("subject", id.toString());
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(200, json);
      }
      case Found.Nobody _ -> Answer.problem(Call.NOT_FOUND, language);
      case Found.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), language);
      case Found.Malformed(var why) ->
          Answer.problem(
              Outputs.refused(ProblemType.INVALID_VALUES, "refused", List.of(why), language),
              language);
    };
  }

  Answer show(Call call) {
    SubjectId subject = call.subject();
    return pledge
        .subject(call.who(), subject)
        .<Answer>map(view -> Answer.json(200, shown(subject, view)))
        .orElseGet(() -> Answer.problem(Call.NOT_FOUND, call.language()));
  }

  private static ObjectNode shown(SubjectId subject, SubjectView view) {
    ObjectNode json = Json.object().put("subject", subject.toString());
    json.put("status", Outputs.word(view.status()));
    json.put("age", Outputs.word(view.age()));
    view.accepted().ifPresent(version -> json.put("accepted", version.toString()));
    ArrayNode products = json.putArray("products");
    for (var product : view.products()) {
      ObjectNode one = products.addObject().put("product", product.product().value());
      one.put("open", product.closedAt() == null);
      if (product.closedAt() != null) {
        one.put("closedAt", product.closedAt().toString());
      }
    }
    json.put("registeredAt", view.createdAt().toString());
    return json;
  }

  // ---------------------------------------------------------------- changes

  Answer accept(Call call) {
    Acceptance acceptance = Inputs.acceptance(call.members("policy", "evidence"));
    return change(
        call, (changes, subject) -> changes.accept(call.who(), subject, acceptance));
  }

  Answer join(Call call) {
    Members members = call.members("product", "accepted");
    String product = members.text("product");
    Acceptance acceptance = Inputs.accepted(members);
    return change(
        call, (changes, subject) -> changes.join(call.who(), subject, product, acceptance));
  }

  Answer close(Call call) {
    String product = call.members("product").text("product");
    return change(call, (changes, subject) -> changes.close(call.who(), subject, product));
  }

  Answer consent(Call call) {
    ConsentChange change = Inputs.consent(call.members(Inputs.CONSENT.toArray(String[]::new)));
    return change(call, (changes, subject) -> changes.consent(call.who(), subject, change));
  }

  private Answer change(Call call, BiFunction<Changes, SubjectId, Outcome> work) {
    SubjectId subject = call.subject();
    return once.change(call, changes -> done(work.apply(changes, subject), call.language()));
  }

  static Answer.Whole done(Outcome outcome, Locale language) {
    return switch (outcome) {
      case Outcome.Done(var receipt) -> {
        ObjectNode json = Json.object();
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(200, json);
      }
      case Outcome.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Outcome.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), language);
    };
  }

  Answer erase(Call call) {
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> erased(changes.erase(call.who(), subject), call.language()));
  }

  private static Answer.Whole erased(Erased erased, Locale language) {
    return switch (erased) {
      case Erased.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Erased.Certificate certificate -> {
        ObjectNode json = Json.object();
        json.put("certificate", certificate.id().toString());
        json.put("inaccessibleSince", certificate.inaccessibleSince().toString());
        json.set("receipt", Outputs.receipt(certificate.receipt()));
        yield Answer.json(200, json);
      }
    };
  }
}
