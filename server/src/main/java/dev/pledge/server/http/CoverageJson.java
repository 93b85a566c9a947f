package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.document.Coverage;
import dev.pledge.policy.document.Coverage.Row;
import dev.pledge.policy.document.Coverage.State;
import dev.pledge.policy.language.Mention;
import java.util.List;

/** The coverage of a policy as JSON. */
public final class CoverageJson {
  private CoverageJson() {}

  /** The text, indented. */
  public static String text(Coverage coverage) {
    ObjectNode json = Json.object();
    json.put("policy", coverage.policy().toString());
    json.put("clauses", coverage.rows().size());
    json.put("kept", coverage.kept().size());
    json.put("planned", coverage.count(State.PLANNED));
    json.put("none", coverage.count(State.NONE));
    json.put("broken", coverage.broken().size());
    ArrayNode rows = json.putArray("coverage");
    coverage.rows().forEach(row -> rows.add(row(row)));
    return Json.pretty(json);
  }

  private static ObjectNode row(Row row) {
    ObjectNode json = Json.object();
    json.put("clause", row.clause().value());
    json.put("title", row.title());
    json.put("status", row.status());
    json.put("inPolicy", row.isOfThePolicy());
    strings(json.putArray("keptBy"), row.keptBy());
    if (!row.note().isEmpty()) {
      json.put("note", row.note());
    }
    strings(json.putArray("missing"), row.status().equals("broken") ? row.missing() : List.of());
    mentions(json.putArray("rules"), row.rules());
    mentions(json.putArray("passages"), row.passages());
    ArrayNode tests = json.putArray("tests");
    for (Coverage.Test test : row.tests()) {
      tests
          .addObject()
          .put("module", test.module())
          .put("class", test.type())
          .put("method", test.method());
    }
    return json;
  }

  private static void strings(ArrayNode list, List<String> texts) {
    texts.forEach(list::add);
  }

  private static void mentions(ArrayNode list, List<Mention> mentions) {
    for (Mention mention : mentions) {
      list.addObject()
          .put("by", mention.by())
          .put("file", mention.file())
          .put("line", mention.line());
    }
  }
}
