package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.decision.Ages;
import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.revision.Comparison;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A policy version as JSON: everything that is declared, lists of fields written out. */
final class PolicyJson {
  private PolicyJson() {}

  /**
   * What counts for the product: all that is declared, and in what it differs from other products.
   */
  static ObjectNode of(Policy whole, ProductId product) {
    ObjectNode json = of(whole.forProduct(product));
    json.set(
        "ownTerms", inOrder(whole.products().stream().filter(whole.own()::containsKey).toList()));
    json.put("product", product.value());
    ArrayNode differences = json.putArray("differences");
    Comparison.ofProduct(whole, product)
        .forEach(change -> differences.add(ComparisonJson.of(change)));
    return json;
  }

  private static ObjectNode of(Policy policy) {
    ObjectNode json = Json.object();
    json.put("policy", policy.version().toString());
    json.put("effective", policy.effective().toString());
    json.put("grace", policy.grace().toString());
    json.putObject("controller")
        .put("name", policy.controller().name())
        .put("email", policy.controller().email());
    json.set("jurisdictions", inOrder(policy.jurisdictions()));
    json.set("languages", inOrder(policy.languages()));
    json.set("products", inOrder(policy.products()));
    policy.categories().forEach(category -> add(json.withArray("categories"), category));
    policy.purposes().forEach(purpose -> add(json.withArray("purposes"), purpose));
    policy.roles().forEach(role -> add(json.withArray("roles"), role));
    policy.sources().forEach(source -> add(json.withArray("sources"), source));
    policy.sharing().companies().forEach(company -> add(json.withArray("companies"), company));
    policy
        .sharing()
        .recipients()
        .forEach(recipient -> add(json.withArray("recipients"), recipient));
    policy.sharing().transfer().ifPresent(transfer -> json.put("transfer", Outputs.word(transfer)));
    json.put("pooling", Outputs.word(policy.pooling()));
    policy.retention().forEach(kept -> add(json.withArray("retention"), kept));
    policy.dormancy().ifPresent(dormancy -> json.put("dormancy", dormancy.toString()));
    put(json.putObject("minors"), policy.minors());
    Duties duties = policy.duties();
    duties.incidents().ifPresent(incidents -> put(json.putObject("incidents"), incidents));
    duties.requests().ifPresent(requests -> put(json.putObject("requests"), requests));
    duties
        .revision()
        .ifPresent(
            revision ->
                json.putObject("revision")
                    .put("notice", revision.notice().toString())
                    .put("continuedUseAccepts", Outputs.word(revision.continuedUse())));
    if (!duties.leaving().equals(Duties.Leaving.AT_ONCE)) {
      put(json.putObject("leaving"), duties.leaving());
    }
    return json;
  }

  private static void put(ObjectNode json, Policy.Minors minors) {
    put(json, "under", minors.under());
    put(json, "sensitiveUnder", minors.sensitiveUnder());
    json.put("unknownAge", Outputs.word(minors.unknownAge()));
    json.set("ageFrom", sorted(minors.ageFrom()));
  }

  private static void put(ObjectNode json, String key, Ages ages) {
    json.put(key, ages.highest());
    if (!ages.byJurisdiction().isEmpty()) {
      ObjectNode own = json.putObject(key + "ByJurisdiction");
      ages.byJurisdiction().forEach(own::put);
    }
  }

  private static void put(ObjectNode json, Duties.Incidents incidents) {
    json.set("notify", inOrder(incidents.channels()));
    incidents.announceAbove().ifPresent(people -> json.put("announceAbove", people));
    put(json, "people", incidents.people());
    put(json, "regulator", incidents.regulator());
    json.set(
        "outsideCauses", sorted(incidents.outsideCauses().stream().map(Outputs::word).toList()));
  }

  private static void put(ObjectNode json, Duties.Requests requests) {
    put(json, "confirmWithin", requests.confirmWithin());
    put(json, "answerWithin", requests.answerWithin());
    put(json, "extendBy", requests.extendBy());
    put(json, "optOutWithin", requests.optOutWithin());
    put(json, "closingWithin", requests.closingWithin());
    put(json, "complaintsWithin", requests.complaintsWithin());
  }

  private static void put(ObjectNode json, Duties.Leaving leaving) {
    leaving.recovery().ifPresent(period -> json.put("recovery", period.toString()));
    if (!leaving.closing().isEmpty()) {
      ObjectNode closing = json.putObject("closing");
      leaving.closing().keySet().stream()
          .sorted()
          .forEach(product -> closing.set(product.value(), sorted(leaving.closingOf(product))));
    }
  }

  private static void put(ObjectNode json, String key, Optional<Term> term) {
    term.ifPresent(promised -> json.put(key, promised.toString()));
  }

  private static void add(ArrayNode list, Policy.Category category) {
    ObjectNode json = list.addObject();
    json.put("id", category.id().value());
    json.put("clause", category.clause().value());
    json.set("methods", inOrder(category.methods()));
    json.put("scope", Outputs.word(category.scope()));
    json.put("kind", Outputs.word(category.kind()));
    json.put("about", Outputs.word(category.about()));
    json.set("requires", sorted(category.requires()));
    ArrayNode fields = json.putArray("fields");
    for (Policy.Field field : category.fields()) {
      ObjectNode one = fields.addObject();
      one.put("id", field.id().toString());
      one.put("type", field.type().word());
      one.put("mask", field.mask().word());
      one.put("sensitive", field.sensitivity() == Policy.Sensitivity.SENSITIVE);
      one.put("lookup", field.lookup() == Policy.Lookup.ALIAS);
      if (!field.choices().isEmpty()) {
        one.set("choices", inOrder(field.choices()));
      }
    }
  }

  private static void add(ArrayNode list, Policy.Purpose purpose) {
    ObjectNode json = list.addObject();
    json.put("id", purpose.id().value());
    json.put("clause", purpose.clause().value());
    json.put("basis", Outputs.word(purpose.basis()));
    json.put("control", Outputs.word(purpose.control()));
    json.put("nature", Outputs.word(purpose.nature()));
    json.put("view", purpose.view().word());
    json.set("uses", sorted(purpose.uses()));
    json.set("products", sorted(purpose.products()));
    json.set("channels", sorted(purpose.channels()));
    json.set("before", sorted(purpose.before().stream().map(Outputs::word).toList()));
    purpose.programme().ifPresent(programme -> json.put("programme", programme));
    purpose
        .exception()
        .ifPresent(
            exception ->
                json.putObject("exception")
                    .put("approver", exception.approver().value())
                    .put("fieldsNamed", exception.fieldsNamed()));
    purpose
        .breakGlass()
        .ifPresent(
            emergency ->
                json.putObject("breakGlass")
                    .put("reviewWithin", emergency.reviewWithin().toString())
                    .put("reviewer", emergency.reviewer().value()));
    purpose.sensitiveCondition().ifPresent(named -> json.put("sensitiveCondition", named));
  }

  private static void add(ArrayNode list, Policy.Role role) {
    ObjectNode json = list.addObject();
    json.put("id", role.id().value());
    json.set("collects", sorted(role.collects()));
    json.set("purposes", sorted(role.purposes()));
    json.put("sees", role.sees().word());
    json.set("mayReveal", sorted(role.mayReveal()));
    role.undertaking().ifPresent(named -> json.put("undertaking", named.value()));
    json.put("heldBy", Outputs.word(role.heldBy()));
  }

  private static void add(ArrayNode list, Policy.Source source) {
    ObjectNode json = list.addObject();
    json.put("id", source.id().value());
    json.put("from", source.from().toString());
    json.put("until", source.until().toString());
    json.set("fields", sorted(source.fields()));
  }

  private static void add(ArrayNode list, Sharing.Company company) {
    ObjectNode json = list.addObject();
    json.put("id", company.id().value());
    json.put("name", company.name());
    ArrayNode controllers = json.putArray("controlledBy");
    for (Sharing.Link link : company.controlledBy()) {
      ObjectNode one = controllers.addObject();
      one.put("company", link.by().value());
      one.put("how", Outputs.word(link.how()));
      one.put("from", link.from().toString());
      link.until().ifPresent(until -> one.put("until", until.toString()));
    }
  }

  private static void add(ArrayNode list, Sharing.Recipient recipient) {
    ObjectNode json = list.addObject();
    json.put("id", recipient.id().value());
    json.put("clause", recipient.clause().value());
    json.put("kind", Outputs.word(recipient.kind()));
    recipient.company().ifPresent(company -> json.put("company", company.value()));
    json.put("actsAs", Outputs.word(recipient.actsAs()));
    json.put("case", Outputs.word(recipient.sharedBecause()));
    json.set("destinations", sorted(recipient.destinations()));
    json.set(
        "safeguards",
        sorted(recipient.safeguards().stream().map(Outputs::word).collect(Collectors.toSet())));
    json.set("purposes", sorted(recipient.purposes()));
    json.set("fields", sorted(recipient.fields()));
    json.set("handedOverBy", sorted(recipient.handedOverBy()));
    recipient
        .agreement()
        .ifPresent(
            agreement ->
                json.putObject("agreement")
                    .put("version", agreement.version())
                    .put("from", agreement.from().toString())
                    .put("until", agreement.until().toString()));
  }

  private static void add(ArrayNode list, Policy.Retention kept) {
    ObjectNode json = list.addObject();
    json.set("of", sorted(kept.of()));
    json.put("keep", kept.keep().toString());
    json.put("from", Outputs.word(kept.from()));
    kept.minimum().ifPresent(minimum -> json.put("minimum", minimum.toString()));
  }

  private static ArrayNode inOrder(List<?> things) {
    ArrayNode list = Json.array();
    things.forEach(thing -> list.add(thing.toString()));
    return list;
  }

  private static ArrayNode sorted(Collection<?> things) {
    return inOrder(things.stream().map(Object::toString).sorted().toList());
  }
}
