package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.policy.document.Style;
import dev.pledge.policy.language.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The description of the interface: the OpenAPI document, the same as a page to read, and a page
 * that says where things are. Plain HTML and one style sheet of our own: nothing runs in the
 * browser and nothing is fetched from elsewhere. The one page that runs something is {@link
 * VerifyPage}.
 */
final class Pages {
  static final String HTML = "text/html; charset=utf-8";

  private static final Style.Inside STYLE =
      new Style.Inside(new String(resource("style.css"), StandardCharsets.UTF_8));

  /** What a browser allows a page of {@link #headAlone}. */
  static final String ONLY_ITS_STYLE = STYLE.contentPolicy() + "; frame-ancestors 'none'";

  private final byte[] document = resource("openapi.json");
  private final byte[] style = STYLE.css().getBytes(StandardCharsets.UTF_8);
  private final JsonNode api = Json.ours(document);
  private final byte[] docs = new DocsPage(api).html().getBytes(StandardCharsets.UTF_8);
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

  /** A schema of the policy language, for editors. */
  static Answer schema(Schema schema) {
    return Answer.text("application/schema+json", schema.text());
  }

  static byte[] resource(String name) {
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
    place(
        html,
        "/v1/policy",
        "The policy",
        "The version in force: a page for people, JSON for programs.");
    place(
        html,
        "/schema/" + Schema.POLICY.file(),
        "The schema",
        "Of policies as files, for editors.");
    place(
        html,
        "/me",
        "The Privacy Centre",
        "Where people see their data, decide about it, and read who used it.");
    place(
        html,
        "/verify",
        "Verify a receipt",
        "Whether the log kept what a receipt promises, recomputed in your browser.");
    place(
        html,
        "/v1/audit",
        "The log",
        "The logs there are, with size and keys; checkpoints and proofs lie below, open to all.");
    place(html, "/health/ready", "Readiness", "Whether the server can work now.");
    place(html, "/metrics", "Metrics", "Counts and durations for Prometheus.");
    return html.mark("</dl></main>").mark("</body></html>").toString();
  }

  private static void place(Html html, String address, String name, String what) {
    html.mark("<dt><a href=\"%s\">%s</a> <code>%s</code></dt>", address, name, address);
    html.mark("<dd>%s</dd>", what);
  }

  static Html head(String title) {
    return head(title, "en");
  }

  static Html head(String title, String language) {
    return opened(title, language)
        .mark("<link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>");
  }

  /** With the style sheet inside: such a page looks the same once it was saved. */
  static Html headAlone(String title, String language) {
    return opened(title, language).mark("<style>" + STYLE.css() + "</style></head><body>");
  }

  private static Html opened(String title, String language) {
    return new Html()
        .mark("<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">", language)
        .mark("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .mark("<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title>", title);
  }
}
