package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The OpenAPI document as a page to read: every call with its members, their limits and examples.
 * What all calls have in common is said once, before them; types that many answers share, once
 * after them.
 */
final class DocsPage {
  /** Answers of the document that are said once, for all calls. */
  private static final Set<String> COMMON =
      Set.of(
          "BadRequest",
          "NotSignedIn",
          "Refused",
          "TooSlow",
          "InFlight",
          "TooLarge",
          "NotJson",
          "KeyReused",
          "TooManyRefusals",
          "Failed",
          "Unavailable");

  /** Parameters of the document that are said once, for all calls. */
  private static final List<String> COMMON_HEADERS = List.of("IdempotencyKey", "Language");

  /** Types that are shown once and referred to. */
  private static final List<String> SHARED = List.of("Receipt", "Refusal", "Problem");

  /** What is said of a member that is never left out: of a request, and of an answer. */
  private static final String NEEDED = "needed";

  private static final String ALWAYS = "always there";

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PARAMETERS = "#/components/parameters/";
  private static final String RESPONSES = "#/components/responses/";

  private final JsonNode api;

  DocsPage(JsonNode api) {
    this.api = api;
  }

  String html() {
    Html html = Pages.head("Pledge: the interface");
    html.mark("<a class=\"skip\" href=\"#every-call\">Skip the list of calls</a>");
    html.mark("<header><div><a class=\"home\" href=\"/\">Pledge</a>");
    html.mark("<span>version %s</span></div></header>", text(api.at("/info/version")));
    html.mark("<div class=\"columns\"><nav aria-label=\"Calls\" class=\"beside\">");
    places(html);
    html.mark("</nav><details class=\"above\"><summary>Calls</summary><nav aria-label=\"Calls\">");
    places(html);
    html.mark("</nav></details><main>");
    start(html);
    for (JsonNode tag : api.path("tags")) {
      html.mark("<section><h2>%s</h2><p>", text(tag.path("name")));
      html.prose(text(tag.path("description"))).mark("</p>");
      operations(text(tag.path("name"))).forEach(call -> operation(html, call));
      html.mark("</section>");
    }
    shared(html);
    problems(html);
    return html.mark("</main></div></body></html>").toString();
  }

  // ---------------------------------------------------------------- around the calls

  private void places(Html html) {
    html.mark("<ul><li><a href=\"#every-call\">Every call</a></li></ul>");
    for (JsonNode tag : api.path("tags")) {
      html.mark("<h2>%s</h2><ul>", text(tag.path("name")));
      for (Operation call : operations(text(tag.path("name")))) {
        html.mark("<li><a href=\"#%s\">%s</a></li>", call.id(), call.summary());
      }
      html.mark("</ul>");
    }
    html.mark("<h2>Reference</h2><ul><li><a href=\"#types\">Types</a></li>");
    html.mark("<li><a href=\"#problems\">Problems</a></li>");
    html.mark("<li><a href=\"/openapi\">OpenAPI document</a></li></ul>");
  }

  private void start(Html html) {
    List<JsonNode> shared = new ArrayList<>();
    COMMON_HEADERS.forEach(name -> shared.add(api.at("/components/parameters/" + name)));
    html.mark("<section id=\"every-call\"><h1>The interface</h1><p class=\"lead\">");
    html.prose(text(api.at("/info/description"))).mark("</p><h2>Every call</h2><p>");
    html.prose("Send your token as `Authorization: Bearer …`. ");
    html.prose(text(api.at("/components/securitySchemes/token/description"))).mark("</p>");
    html.mark(
        "<p>Unknown members of a body, members that are null, bodies of calls that take none ");
    html.mark("and unknown parameters of an address are refused; ignore unknown members of ");
    html.mark("answers. GET calls answer HEAD too, unless they stream.");
    html.mark("</p><h4>Headers</h4>");
    parameters(html, shared);
    html.mark("<h4>Answers that are not repeated below</h4>");
    html.mark("<ul class=\"answers\">");
    for (Map.Entry<String, JsonNode> answer : api.at("/components/responses").properties()) {
      if (COMMON.contains(answer.getKey())) {
        JsonNode problem = answer.getValue().at("/content/application~1problem+json/example");
        status(html, text(problem.path("status")));
        html.prose(text(answer.getValue().path("description"))).mark("</li>");
      }
    }
    html.mark("</ul></section>");
  }

  private void shared(Html html) {
    html.mark("<section id=\"types\"><h2>Types</h2><p>Parts that many answers have.</p>");
    for (String name : SHARED) {
      JsonNode schema = api.path("components").path("schemas").path(name);
      html.mark("<article id=\"type-%s\"><h3>%s</h3><p>", name, name);
      html.prose(text(schema.path("description"))).mark("</p>");
      members(html, schema, ALWAYS);
      html.mark("</article>");
    }
    html.mark("</section>");
  }

  private static void problems(Html html) {
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

  // ---------------------------------------------------------------- calls

  private record Operation(String method, String path, JsonNode json) {
    String id() {
      return text(json.path("operationId"));
    }

    String summary() {
      return text(json.path("summary"));
    }
  }

  /** The calls of one kind, but for the pages that describe them. */
  private List<Operation> operations(String tag) {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        JsonNode json = method.getValue();
        if (text(json.at("/tags/0")).equals(tag) && !json.path("x-page").asBoolean()) {
          String name = method.getKey().toUpperCase(Locale.ROOT);
          operations.add(new Operation(name, path.getKey(), json));
        }
      }
    }
    return operations;
  }

  private void operation(Html html, Operation call) {
    html.mark("<article id=\"%s\"><h3>%s</h3>", call.id(), call.summary());
    html.mark(
        "<p class=\"call\"><span class=\"method %s\">%s</span> <code>%s</code></p>",
        call.method().toLowerCase(Locale.ROOT), call.method(), call.path());
    html.mark("<p>").prose(text(call.json().path("description"))).mark("</p>");
    List<JsonNode> own = new ArrayList<>();
    for (JsonNode parameter : call.json().path("parameters")) {
      String name = name(parameter, PARAMETERS);
      if (name.equals("IdempotencyKey")) {
        html.mark("<p>").prose("Needs an `Idempotency-Key`.").mark("</p>");
      }
      if (!COMMON_HEADERS.contains(name)) {
        own.add(resolved(parameter));
      }
    }
    if (!own.isEmpty()) {
      html.mark("<h4>Parameters</h4>");
      parameters(html, own);
    }
    JsonNode body = call.json().at("/requestBody/content/application~1json");
    if (!body.isMissingNode()) {
      html.mark("<h4>Body</h4>");
      members(html, resolved(body.path("schema")), NEEDED);
      example(html, "An example", body.path("example"));
    }
    answers(html, call.json().path("responses"));
    html.mark("</article>");
  }

  private void parameters(Html html, List<JsonNode> parameters) {
    html.mark("<dl class=\"members\">");
    for (JsonNode parameter : parameters) {
      JsonNode schema = parameter.path("schema");
      html.mark("<dt><code>%s</code></dt><dd>", text(parameter.path("name")));
      kind(
          html,
          text(parameter.path("in")) + ": " + kind(schema),
          parameter.path("required").asBoolean() ? NEEDED : "");
      html.prose(text(parameter.path("description"))).mark("</dd>");
    }
    html.mark("</dl>");
  }

  private void answers(Html html, JsonNode responses) {
    html.mark("<h4>Answers</h4><ul class=\"answers\">");
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (!COMMON.contains(name(response.getValue(), RESPONSES))) {
        status(html, response.getKey());
        html.prose(text(resolved(response.getValue()).path("description"))).mark("</li>");
      }
    }
    html.mark("</ul>");
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (!COMMON.contains(name(response.getValue(), RESPONSES))) {
        for (JsonNode content : resolved(response.getValue()).path("content")) {
          answer(html, response.getKey(), content);
        }
      }
    }
  }

  private void answer(Html html, String status, JsonNode content) {
    JsonNode schema = content.path("schema");
    if (status.startsWith("2") && hasMembers(resolved(schema))) {
      html.mark("<details><summary>What the answer holds</summary>");
      members(html, resolved(schema), ALWAYS);
      html.mark("</details>");
    }
    if (!status.equals("404")) {
      example(html, status + ", an example", content.path("example"));
    }
  }

  private static void status(Html html, String status) {
    html.mark("<li><span class=\"status s%s\">%s</span>", status.charAt(0), status);
  }

  private static void example(Html html, String title, JsonNode example) {
    if (example.isObject()) {
      html.mark(
          "<details><summary>%s</summary><pre>%s</pre></details>", title, Json.pretty(example));
    }
  }

  // ---------------------------------------------------------------- members

  private static boolean hasMembers(JsonNode schema) {
    return schema.path("properties").size() > 0 || schema.has("anyOf");
  }

  private void members(Html html, JsonNode schema, String required) {
    for (JsonNode alternative : schema.path("anyOf")) {
      String name = name(alternative, SCHEMAS);
      html.mark("<p class=\"or\">");
      if (SHARED.contains(name)) {
        html.mark("<a href=\"#type-%s\">%s</a></p>", name, name);
      } else {
        html.mark("A line of</p>");
        members(html, resolved(alternative), required);
      }
    }
    if (schema.path("properties").isEmpty()) {
      return;
    }
    html.mark("<dl class=\"members\">");
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      html.mark("<dt><code>%s</code></dt><dd>", member.getKey());
      JsonNode type = member.getValue();
      kind(html, kind(type), requires(schema, member.getKey()) ? required : "");
      member(html, type, required);
      html.mark("</dd>");
    }
    html.mark("</dl>");
  }

  private void member(Html html, JsonNode unresolved, String required) {
    JsonNode schema = resolved(unresolved);
    html.prose(text(schema.path("description")));
    JsonNode inner = inner(schema);
    String name = name(inner.isMissingNode() ? unresolved : inner, SCHEMAS);
    if (SHARED.contains(name)) {
      html.mark(" <a href=\"#type-%s\">%s</a>", name, name);
    } else {
      members(html, inner.isMissingNode() ? schema : resolved(inner), required);
    }
  }

  /** What a list has as elements, or an object of any names as members. */
  private static JsonNode inner(JsonNode schema) {
    JsonNode any = schema.path("additionalProperties");
    return any.isObject() ? any : schema.path("items");
  }

  private static void kind(Html html, String kind, String required) {
    html.mark("<span class=\"kind\">%s%s</span> ", kind, required.isEmpty() ? "" : ", " + required);
  }

  private String kind(JsonNode unresolved) {
    JsonNode schema = resolved(unresolved);
    String type = text(schema.path("type"));
    if (schema.has("enum")) {
      List<String> words = new ArrayList<>();
      schema.path("enum").forEach(word -> words.add(word.asText()));
      return String.join(" | ", words);
    }
    if (schema.has("const")) {
      return text(schema.path("const"));
    }
    return switch (type) {
      case "" -> "any value";
      case "array" ->
          "list of "
              + plural(kind(schema.path("items")))
              + range(schema, "Items", "")
              + (schema.path("uniqueItems").asBoolean() ? ", each once" : "");
      case "object" -> "object" + range(schema, "Properties", " members");
      case "string" -> string(schema) + range(schema, "Length", " characters");
      default -> type + numbers(schema);
    };
  }

  private static String plural(String kind) {
    return kind.chars().allMatch(c -> Character.isLetter(c) || c == '-') ? kind + "s" : kind;
  }

  private static String string(JsonNode schema) {
    return schema.has("format") ? text(schema.path("format")) : "string";
  }

  private static String numbers(JsonNode schema) {
    String range =
        schema.has("minimum") && schema.has("maximum")
            ? ", " + text(schema.path("minimum")) + " to " + text(schema.path("maximum"))
            : "";
    return schema.has("default") ? range + ", usually " + text(schema.path("default")) : range;
  }

  private static String range(JsonNode schema, String of, String unit) {
    JsonNode least = schema.path("min" + of);
    JsonNode most = schema.path("max" + of);
    if (least.isMissingNode() && most.isMissingNode()) {
      return "";
    }
    if (least.isMissingNode()) {
      return ", at most " + text(most) + unit;
    }
    if (least.equals(most)) {
      return ", exactly " + text(most) + (most.asInt() == 1 ? unit.replaceFirst("s$", "") : unit);
    }
    return most.isMissingNode()
        ? ", " + text(least) + " or more" + unit
        : ", " + text(least) + " to " + text(most) + unit;
  }

  private static boolean requires(JsonNode schema, String member) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(member)) {
        return true;
      }
    }
    return false;
  }

  // ---------------------------------------------------------------- the document

  /** What a reference of the document points to, with what is said beside the reference. */
  private JsonNode resolved(JsonNode node) {
    JsonNode pointer = node.path("$ref");
    if (!pointer.isTextual()) {
      return node;
    }
    JsonNode there = api.at(pointer.textValue().substring(1));
    if (node.size() == 1) {
      return there;
    }
    ObjectNode both = there.deepCopy();
    both.setAll((ObjectNode) node);
    both.remove("$ref");
    return both;
  }

  /** The name of what {@code node} refers to among {@code those}; empty if it does not. */
  private static String name(JsonNode node, String those) {
    String pointer = text(node.path("$ref"));
    return pointer.startsWith(those) ? pointer.substring(those.length()) : "";
  }

  private static String text(JsonNode node) {
    return node.asText("");
  }
}
