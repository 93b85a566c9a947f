package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;

/** What changes between two versions of a policy, as JSON. */
public final class ComparisonJson {
  private ComparisonJson() {}

  /** The text, indented. */
  public static String text(Comparison comparison) {
    ObjectNode json = Json.object();
    json.put("from", comparison.from().toString());
    json.put("to", comparison.to().toString());
    json.put("weight", Outputs.word(comparison.weight()));
    ArrayNode changes = json.putArray("changes");
    for (Change change : comparison.changes()) {
      ObjectNode one = changes.addObject().put("weight", Outputs.word(change.weight()));
      one.put("part", change.part());
      if (!change.aspect().isEmpty()) {
        one.put("aspect", change.aspect());
      }
      one.put("what", change.what());
    }
    ArrayNode lapsing = json.putArray("consentsThatEnd");
    comparison.lapse().ofAnybody().forEach(lapsing::add);
    ArrayNode ofGuardians = json.putArray("consentsOfGuardiansThatEnd");
    comparison.lapse().ofGuardians().forEach(ofGuardians::add);
    return Json.pretty(json);
  }
}
