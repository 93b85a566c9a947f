package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.Closed;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.Move;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.SubjectView;
import dev.pledge.engine.signin.Sessions.HandOver;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** People as such: registered, found, shown, closed, erased. Never their values. */
final class SubjectEndpoints {
  private static final Set<String> ALIASES = Set.of("email", "phone", "external");

  static final Problem ALIAS_TAKEN =
      Problem.of(
          ProblemType.ALIAS_TAKEN,
          "One of the aliases is already in use; nothing was stored.",
          "其中一个别名已被使用，未存储任何内容。");

  private static final Map<String, Marking> MARKINGS =
      Map.of("left", Marking.LEFT, "none", Marking.NONE);

  private static final Problem BAD_MARK =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `mark` is `left` or, where the person wishes that no mark of what they"
              + " objected to stays, `none`.",
          "参数 `mark` 应为 `left`；若本人不希望留下其拒绝的标记，则为 `none`。");

  private static final Words NO_PLACE =
      new Words(
          "is a page of the Privacy Centre, such as `/me/choices`", "应为隐私中心的页面，如 `/me/choices`");
  private static final Words NOT_THEIRS = new Words("is a product that you work for", "应为您负责的产品");

  private final Pledge pledge;
  private final Once once;

  SubjectEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer register(Call call) {
    Members members =
        call.members(
            "product", "source", "aliases", "birthDate", "jurisdiction", "accepted", "consents");
    Registration registration =
        Inputs.made(
            members,
            () ->
                new Registration(
                    members.text("product"),
                    members.has("source") ? members.text("source") : CompiledPolicy.PERSON,
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
    return members.optionalObjects("consents", Registration.MOST_CONSENTS, Inputs.CONSENT).stream()
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
      case Registered.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), language);
      case Registered.AliasesRefused(var refused, var receipt) ->
          Answer.problem(Outputs.refused(refused, "refused", receipt, language), language);
    };
  }

  Answer lookup(Call call) {
    Members members = call.members("alias", "purpose", "product");
    members.object("alias", ALIASES);
    Map<String, Object> alias = members.values("alias", 1);
    String kind = alias.keySet().iterator().next();
    Object value = alias.values().iterator().next();
    Found found =
        pledge.find(call.who(), kind, value, members.text("purpose"), members.text("product"));
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
    return switch (pledge.subject(call.who(), subject)) {
      case SubjectView.State state -> Answer.json(200, shown(state));
      case SubjectView.Choices _, SubjectView.Unknown _ ->
          Answer.problem(Call.NOT_FOUND, call.language());
    };
  }

  private static ObjectNode shown(SubjectView.State view) {
    SubjectState state = view.state();
    ObjectNode json = Json.object().put("subject", state.subject().toString());
    json.put("status", Outputs.word(state.status()));
    json.put("age", Outputs.word(state.age()));
    state.accepted().ifPresent(version -> json.put("accepted", version.toString()));
    if (view.jurisdiction() != null) {
      json.put("jurisdiction", view.jurisdiction());
    }
    ArrayNode products = json.putArray("products");
    for (SubjectState.Membership membership : state.memberships()) {
      ObjectNode one = products.addObject().put("product", membership.product().value());
      one.put("open", membership.closedAt() == null);
      one.put("lastUsed", membership.lastUsed().toString());
      if (membership.closedAt() != null) {
        one.put("closedAt", membership.closedAt().toString());
      }
    }
    json.put("registeredAt", view.since().toString());
    json.set("receipt", Outputs.receipt(view.receipt()));
    return json;
  }

  // ---------------------------------------------------------------- changes

  Answer accept(Call call) {
    Acceptance acceptance = Inputs.acceptance(call.members("policy", "evidence"));
    return change(call, (changes, subject) -> changes.accept(subject, acceptance));
  }

  Answer join(Call call) {
    Members members = call.members("product", "accepted");
    String product = members.text("product");
    Acceptance acceptance = Inputs.accepted(members);
    return change(call, (changes, subject) -> changes.join(subject, product, acceptance));
  }

  Answer close(Call call) {
    Members members = call.members("product", "conditions");
    String product = members.text("product");
    Set<String> asserted =
        Set.copyOf(members.optionalTexts("conditions", Collection.MOST_CONDITIONS));
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> closed(changes.close(subject, product, asserted), call.language()));
  }

  private Answer.Whole closed(Closed closed, Locale language) {
    return switch (closed.outcome()) {
      case Outcome.Done(var receipt) -> {
        ObjectNode json = Json.object();
        ArrayNode kept = json.putArray("keptByLaw");
        ArrayNode goes = json.putArray("goes");
        ArrayNode elsewhere = json.putArray("heldElsewhere");
        for (Closed.Left left : closed.left()) {
          switch (left.why()) {
            case LAW -> add(kept, left);
            case GOES -> add(goes, left);
            case OTHER_PRODUCT -> add(elsewhere, left);
          }
        }
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(200, json);
      }
      case Outcome.Refused(var reason, var clause, var receipt) when !closed.unmet().isEmpty() -> {
        ObjectNode more = Json.object();
        ArrayNode conditions = more.putArray("conditions");
        for (ConditionId condition : closed.unmet()) {
          conditions
              .addObject()
              .put("condition", condition.value())
              .put("words", words(condition, language))
              .put("clause", clause.value());
        }
        more.set("receipt", Outputs.receipt(receipt));
        yield Answer.problem(
            Problem.of(
                    ProblemType.CLOSING_CONDITIONS,
                    reason.sentence(Locale.ENGLISH),
                    reason.sentence(Locale.CHINESE))
                .because(clause.value())
                .with(more),
            language);
      }
      case Outcome other -> done(other, language);
    };
  }

  private static void add(ArrayNode list, Closed.Left left) {
    ObjectNode one =
        list.addObject()
            .put("field", left.field().toString())
            .put("product", left.product().value());
    left.purpose().ifPresent(purpose -> one.put("purpose", purpose.value()));
    one.put("clause", left.clause().value());
    left.until().ifPresent(until -> one.put("until", until.toString()));
  }

  /** As the policy in force calls it in the language, or, failing that, by its name. */
  private String words(ConditionId condition, Locale language) {
    return pledge
        .policyInForce()
        .flatMap(pledge.policyFiles()::version)
        .flatMap(
            sound ->
                sound.labels().stream()
                    .filter(labels -> labels.language().equals(language.getLanguage()))
                    .findFirst())
        .orElse(Labels.none())
        .of(condition);
  }

  Answer move(Call call) {
    Members members = call.members("jurisdiction");
    Move move = Inputs.made(members, () -> new Move(members.text("jurisdiction")));
    return change(call, (changes, subject) -> changes.move(subject, move));
  }

  Answer consent(Call call) {
    ConsentChange change = Inputs.consent(call.members(Inputs.CONSENT.toArray(String[]::new)));
    return change(call, (changes, subject) -> changes.consent(subject, change));
  }

  private interface Work {
    Outcome run(Changes changes, SubjectId subject) throws SQLException;
  }

  private Answer change(Call call, Work work) {
    SubjectId subject = call.subject();
    return once.change(call, changes -> done(work.run(changes, subject), call.language()));
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
    boolean atOnce = call.flag("final");
    Marking marking = marking(call.optionalQuery("mark"));
    return once.change(
        call, changes -> erased(changes.erase(subject, atOnce, marking), call.language()));
  }

  /** A link that signs the person in to the Privacy Centre, once; it is given out as a path. */
  Answer handOver(Call call) {
    SubjectId subject = call.subject();
    Members members = call.members("product", "to", "assurance");
    String product = members.text("product");
    String to = members.optionalText("to");
    if (to != null && !CentreDoor.PLACES.contains(to)) {
      throw members.wrong("to", NO_PLACE);
    }
    if (!call.who().products().contains(new ProductId(product))) {
      throw members.wrong("product", NOT_THEIRS);
    }
    HandOver handOver =
        new HandOver(
            new ProductId(product),
            to == null ? "/me" : to,
            Inputs.assurance(members) == Asker.Assurance.STEPPED_UP);
    return once.change(
        call,
        changes ->
            switch (changes.handOver(subject, handOver)) {
              case Changes.HandedOver.Unknown _ -> Answer.problem(Call.NOT_FOUND, call.language());
              case Changes.HandedOver.Done(var link, var receipt) -> {
                ObjectNode json = Json.object();
                json.put("path", "/me/hand-over?token=" + link.secret());
                json.put("expires", link.expires().toString());
                json.set("receipt", Outputs.receipt(receipt));
                yield Answer.json(201, json);
              }
            });
  }

  Answer restore(Call call) {
    var _ = call.members();
    return change(call, (changes, subject) -> changes.recover(subject));
  }

  /** Whether marks of what the person objected to stay, as they do unless they wish otherwise. */
  private static Marking marking(@Nullable String mark) {
    Marking marking = MARKINGS.get(mark == null ? "left" : mark);
    if (marking == null) {
      throw BAD_MARK.found();
    }
    return marking;
  }

  private static Answer.Whole erased(Erased erased, Locale language) {
    return switch (erased) {
      case Erased.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Erased.Certificate certificate -> {
        ObjectNode json = Json.object();
        json.put("certificate", certificate.id().toString());
        json.put("inaccessibleSince", certificate.inaccessibleSince().toString());
        certificate
            .recoverableUntil()
            .ifPresent(until -> json.put("recoverableUntil", until.toString()));
        certificate.irrecoverableBy().ifPresent(by -> json.put("irrecoverableBy", by.toString()));
        json.put("signed", certificate.signed());
        json.set("receipt", Outputs.receipt(certificate.receipt()));
        yield Answer.json(200, json);
      }
    };
  }
}
