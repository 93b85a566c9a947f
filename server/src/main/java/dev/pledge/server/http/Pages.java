package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of the interface: the OpenAPI document, the same as a page to read, and a page
 * that says where things are. Plain HTML and one style sheet of our own: nothing runs in the
 * browser and nothing is fetched from elsewhere.
 */
final class Pages {
  private static final String HTML = "text/html; charset=utf-8";

  private final byte[] document = resource("openapi.json");
  private final byte[] style = resource("style.css");
  private final JsonNode api = Json.ours(document);
  private final byte[] docs = docsPage().getBytes(StandardCharsets.UTF_8);
  private final byte[] index = indexPage().getBytes(StandardCharsets.UTF_8);

  Answer openApi(Call call) {
    return new Answer.Whole(200, Answer.JSON, Map.of(), document);
  }

  Answer docs(Call call) {
    return new Answer.Whole(200, HTML, Map.of(), docs);
  }

  Answer index(Call call) {
    return new Answer.Whole(200, HTML, Map.of(), index);
  }

  Answer style(Call call) {
    return new Answer.Whole(200, "text/css; charset=utf-8", Map.of(), style);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the file `" + name + "` is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + name + "`", e);
    }
  }

  // ---------------------------------------------------------------- index

  private String indexPage() {
    Html html = head("Pledge");
    html.mark("<main class=\"narrow\"><h1>Pledge</h1>");
    html.mark("<p class=\"lead\">").prose(api.at("/info/summary").asText()).mark("</p><p>");
    html.prose(api.at("/info/description").asText()).mark("</p><dl class=\"places\">");
    place(html, "/docs", "The interface", "Every call with examples, to read here.");
    place(html, "/openapi", "OpenAPI", "The same as OpenAPI 3.1, for tools.");
    place(html, "/v1/policy", "The policy", "The version in force: what is declared, as JSON.");
    place(html, "/health/ready", "Readiness", "Whether the server can work now.");
    place(html, "/metrics", "Metrics", "Counts and durations for Prometheus.");
    return html.mark("</dl></main>").mark("</body></html>").toString();
  }

  private static void place(Html html, String address, String name, String what) {
    html.mark("<dt><a href=\"%s\">%s</a> <code>%s</code></dt>", address, name, address);
    html.mark("<dd>%s</dd>", what);
  }

  // ---------------------------------------------------------------- docs

  private String docsPage() {
    Html html = head("Pledge: the interface");
    html.mark("<header><div><a class=\"home\" href=\"/\">Pledge</a>");
    html.mark(
        "<span>the interface, version %s</span></div></header>", text(api.at("/info/version")));
    html.mark("<div class=\"columns\"><nav aria-label=\"Calls\">");
    for (JsonNode tag : api.path("tags")) {
      html.mark("<h2>%s</h2><ul>", text(tag.path("name")));
      eachOperation(
          text(tag.path("name")),
          (method, path, operation) ->
              html.mark(
                  "<li><a href=\"#%s\">%s</a></li>",
                  text(operation.path("operationId")), text(operation.path("summary"))));
      html.mark("</ul>");
    }
    html.mark("<h2>Reference</h2><ul><li><a href=\"#problems\">Problems</a></li>");
    html.mark("<li><a href=\"/openapi\">OpenAPI document</a></li></ul></nav><main>");
    html.mark("<p class=\"lead\">").prose(text(api.at("/info/description"))).mark("</p>");
    html.mark("<p>")
        .prose("Send your token as `Authorization: Bearer …`. ")
        .prose(text(api.at("/components/securitySchemes/token/description")))
        .mark("</p>");
    for (JsonNode tag : api.path("tags")) {
      html.mark("<section><h2>%s</h2><p>", text(tag.path("name")));
      html.prose(text(tag.path("description"))).mark("</p>");
      eachOperation(
          text(tag.path("name")),
          (method, path, operation) -> operation(html, method, path, operation));
      html.mark("</section>");
    }
    problems(html);
    return html.mark("</main></div></body></html>").toString();
  }

  private interface OperationVisitor {
    void visit(String method, String path, JsonNode operation);
  }

  private void eachOperation(String tag, OperationVisitor visitor) {
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (text(method.getValue().at("/tags/0")).equals(tag)) {
          visitor.visit(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue());
        }
      }
    }
  }

  private void operation(Html html, String method, String path, JsonNode operation) {
    html.mark("<article id=\"%s\">", text(operation.path("operationId")));
    html.mark("<h3>%s</h3>", text(operation.path("summary")));
    html.mark(
        "<p class=\"call\"><span class=\"method %s\">%s</span> <code>%s</code></p>",
        method.toLowerCase(Locale.ROOT), method, path);
    html.mark("<p>").prose(text(operation.path("description"))).mark("</p>");
    parameters(html, operation.path("parameters"));
    JsonNode body = operation.at("/requestBody/content/application~1json");
    if (!body.isMissingNode()) {
      html.mark("<h4>Body</h4>");
      members(html, resolved(body.path("schema")));
      example(html, "Request", body.path("example"));
    }
    answers(html, operation.path("responses"));
    html.mark("</article>");
  }

  private void parameters(Html html, JsonNode parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    html.mark("<h4>Parameters</h4><dl class=\"members\">");
    for (JsonNode unresolved : parameters) {
      JsonNode parameter = resolved(unresolved);
      html.mark("<dt><code>%s</code> ", text(parameter.path("name")));
      html.mark(
          "<span class=\"kind\">%s%s</span></dt>",
          text(parameter.path("in")), parameter.path("required").asBoolean() ? ", needed" : "");
      html.mark("<dd>").prose(text(parameter.path("description"))).mark("</dd>");
    }
    html.mark("</dl>");
  }

  private void members(Html html, JsonNode schema) {
    html.mark("<dl class=\"members\">");
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      JsonNode type = resolved(member.getValue());
      html.mark("<dt><code>%s</code> ", member.getKey());
      html.mark(
          "<span class=\"kind\">%s%s</span></dt>",
          kind(type), requires(schema, member.getKey()) ? ", needed" : "");
      html.mark("<dd>").prose(text(type.path("description"))).mark("</dd>");
    }
    html.mark("</dl>");
  }

  private static String kind(JsonNode type) {
    if (type.has("enum")) {
      StringBuilder words = new StringBuilder();
      type.path("enum")
          .forEach(word -> words.append(words.isEmpty() ? "" : " | ").append(word.asText()));
      return words.toString();
    }
    String kind = text(type.path("type"));
    return type.has("format") ? text(type.path("format")) : kind.isEmpty() ? "any" : kind;
  }

  private static boolean requires(JsonNode schema, String member) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(member)) {
        return true;
      }
    }
    return false;
  }

  private void answers(Html html, JsonNode responses) {
    html.mark("<h4>Answers</h4><ul class=\"answers\">");
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      html.mark(
          "<li><span class=\"status s%s\">%s</span> ",
          response.getKey().charAt(0), response.getKey());
      html.prose(text(resolved(response.getValue()).path("description"))).mark("</li>");
    }
    html.mark("</ul>");
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (response.getKey().startsWith("2") || response.getKey().equals("403")) {
        for (JsonNode content : resolved(response.getValue()).path("content")) {
          example(html, "Answer " + response.getKey(), content.path("example"));
        }
      }
    }
  }

  private static void example(Html html, String title, JsonNode example) {
    if (example.isObject()) {
      html.mark(
          "<details><summary>%s, an example</summary><pre>%s</pre></details>",
          title, example.toPrettyString());
    }
  }

  private void problems(Html html) {
    html.mark("<section id=\"problems\"><h2>Problems</h2><p>");
    html.prose(
        "Every error is `application/problem+json` (RFC 9457). The `type` is stable; `clause`"
            + " names the clause of the policy where one decided. Nothing you sent is repeated but"
            + " names.");
    html.mark(
        "</p><div class=\"wide\"><table><thead><tr><th>Status</th><th>Type</th>"
            + "<th>Meaning</th></tr></thead><tbody>");
    for (ProblemType type : ProblemType.values()) {
      html.mark(
          "<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>",
          type.status(), type.uri(), type.title().english());
    }
    html.mark("</tbody></table></div></section>");
  }

  /** What a reference of the document points to. */
  private JsonNode resolved(JsonNode node) {
    JsonNode pointer = node.path("$ref");
    return pointer.isTextual() ? api.at(pointer.textValue().substring(1)) : node;
  }

  private static String text(@Nullable JsonNode node) {
    return node == null ? "" : node.asText("");
  }

  private static Html head(String title) {
    return new Html()
        .mark("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .mark("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .mark("<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title>", title)
        .mark("<link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>");
  }
}
