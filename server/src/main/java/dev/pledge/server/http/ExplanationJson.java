package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.gate.FieldRefusal;
import dev.pledge.policy.decision.Explanation;
import dev.pledge.policy.decision.Explanation.OfField;
import dev.pledge.policy.decision.Explanation.Step;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.language.Suggestions;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.util.Locale;

/** An explanation as JSON, in the words of one language. */
public final class ExplanationJson {
  private ExplanationJson() {}

  /** The text, indented. */
  public static String text(Explanation explanation, Suggestions suggestions, Locale language) {
    return Json.pretty(of(explanation, suggestions, language));
  }

  static ObjectNode of(Explanation explanation, Suggestions suggestions, Locale language) {
    ObjectNode json = Json.object();
    json.put("policy", explanation.policy().toString());
    ArrayNode beside = json.putArray("beside");
    explanation.beside().forEach(version -> beside.add(version.toString()));
    ArrayNode roles = json.putArray("roles");
    explanation.counted().stream().sorted().forEach(role -> roles.add(role.value()));
    if (!suggestions.names().isEmpty()) {
      ArrayNode meant = json.putArray("didYouMean");
      suggestions
          .names()
          .forEach(one -> meant.addObject().put("member", one.of()).put("name", one.name()));
    }
    ArrayNode fields = json.putArray("fields");
    for (int i = 0; i < explanation.fields().size(); i++) {
      fields.add(field(explanation.fields().get(i), i, suggestions, language));
    }
    return json;
  }

  private static ObjectNode field(
      OfField field, int index, Suggestions suggestions, Locale language) {
    ObjectNode json = Json.object();
    Outputs.name(json, index, FieldRefusal.nameOf(field.asked()));
    String meant = suggestions.fields().get(index);
    if (meant != null) {
      json.put("didYouMean", meant);
    }
    View view = field.view();
    if (view != null) {
      json.put("view", view.word());
    }
    Reason refused = field.refused();
    if (refused != null) {
      json.put("reason", refused.code());
    }
    PurposeId purpose = field.purpose();
    if (purpose != null) {
      json.put("purpose", purpose.value());
    }
    ArrayNode rules = json.putArray("rules");
    for (Step step : field.steps()) {
      ObjectNode one = rules.addObject();
      one.put("rule", Outputs.word(step.rule()));
      one.put("outcome", Outputs.word(step.outcome()));
      one.put("clause", step.clause().value());
      Reason reason = step.reason();
      if (reason != null) {
        one.put("reason", reason.code());
        one.put("decides", field.isDecidedBy(step));
      }
      one.put("detail", step.sentence(language));
    }
    return json;
  }
}
