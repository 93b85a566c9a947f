package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.gate.Census.Counted;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;
import org.jspecify.annotations.Nullable;

/** What changes between two versions of a policy, as JSON. */
public final class ComparisonJson {
  private ComparisonJson() {}

  /**
   * The text, indented.
   *
   * @param counted how many people it touches, or null where nobody was counted
   */
  public static String text(Comparison comparison, @Nullable Counted counted) {
    ObjectNode json = Json.object();
    json.put("from", comparison.from().toString());
    json.put("to", comparison.to().toString());
    json.put("weight", Outputs.word(comparison.weight()));
    ArrayNode changes = json.putArray("changes");
    comparison.changes().forEach(change -> changes.add(of(change)));
    ArrayNode lapsing = json.putArray("consentsThatEnd");
    comparison.lapse().ofAnybody().forEach(lapsing::add);
    ArrayNode ofGuardians = json.putArray("consentsOfGuardiansThatEnd");
    comparison.lapse().ofGuardians().forEach(ofGuardians::add);
    ObjectNode onlyIn = json.putObject("onlyIn");
    comparison
        .lapse()
        .onlyIn()
        .forEach(
            (purpose, products) ->
                products.stream()
                    .sorted()
                    .forEach(product -> onlyIn.withArray(purpose).add(product.value())));
    ArrayNode fields = json.putArray("fields");
    comparison.fields().forEach(field -> fields.add(field.toString()));
    if (counted != null) {
      ObjectNode people = json.putObject("people");
      people.put("all", counted.people());
      people.put("accepted", counted.accepted());
      ObjectNode granting = people.putObject("consentsThatEnd");
      counted.granting().forEach(granting::put);
      ObjectNode holding = people.putObject("holding");
      counted.holding().forEach(holding::put);
    }
    return Json.pretty(json);
  }

  static ObjectNode of(Change change) {
    ObjectNode json = Json.object().put("weight", Outputs.word(change.weight()));
    json.put("part", change.part());
    if (!change.aspect().isEmpty()) {
      json.put("aspect", change.aspect());
    }
    return json.put("what", change.what());
  }
}
