package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What is due, done, held and late, for programs and for people (II.II.3, IV.1). */
final class RetentionEndpoints {
  private final Pledge pledge;

  RetentionEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  Answer report(Call call) {
    return Answer.json(200, json(pledge.retention(call.who())));
  }

  Answer page(Call call) {
    String html = new RetentionPage(pledge.retention(call.who()), call.language()).html();
    return new Answer.Whole(200, Pages.HTML, Map.of(), html.getBytes(StandardCharsets.UTF_8))
        .with("Content-Security-Policy", Pages.ONLY_ITS_STYLE)
        .with("Content-Language", call.language().getLanguage())
        .with("Vary", "Accept-Language");
  }

  private static ObjectNode json(RetentionReport report) {
    ObjectNode json = Json.object();
    json.put("at", report.at().toString());
    json.put("period", report.period().toString());
    ObjectNode round = json.putObject("round").put("number", report.round());
    report.beganAt().ifPresent(at -> round.put("begunAt", at.toString()));
    report.endedAt().ifPresent(at -> round.put("endedAt", at.toString()));
    json.put("complete", report.complete());
    ArrayNode categories = json.putArray("categories");
    for (OfCategory category : report.categories()) {
      categories
          .addObject()
          .put("category", category.category())
          .put("due", category.due())
          .put("done", category.done())
          .put("held", category.held())
          .put("late", category.late());
    }
    ArrayNode days = json.putArray("days");
    for (OfDay day : report.days()) {
      days.addObject().put("day", day.day().toString()).put("done", day.done());
    }
    json.set("receipt", Outputs.receipt(report.receipt()));
    return json;
  }
}
