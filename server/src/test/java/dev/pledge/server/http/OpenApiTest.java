package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.pledge.policy.decision.Asker;
import dev.pledge.server.http.TestServer.Answered;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the server does. */
class OpenApiTest {
  private final TestServer server = TestServer.shared();
  private final JsonNode document = document();

  private static JsonNode document() {
    try (InputStream in = Pages.class.getResourceAsStream("openapi.json")) {
      return Json.ours(in.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyRouteIsDescribedAndNothingElse() {
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    Set<String> served = new TreeSet<>();
    for (Route route : routes()) {
      served.add(route.method() + " " + route.path());
    }
    assertThat(described).isEqualTo(served);
  }

  private List<Route> routes() {
    Limits limits = Limits.usual();
    return Routes.all(
        server.pledge, limits, new Metrics(), new Admission(limits), InstantSource.system());
  }

  @Test
  void scopesAndKeysAreDescribedAsTheyAreAskedFor() {
    for (Route route : routes()) {
      JsonNode operation =
          document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
      String scope =
          route.access() instanceof Route.Access.Token(var needed) && needed != null
              ? needed.word()
              : "";
      assertThat(operation.path("x-scope").asText("")).as(route.path()).isEqualTo(scope);
      assertThat(operation.path("parameters").toString().contains("IdempotencyKey"))
          .as(route.method() + " " + route.path())
          .isEqualTo(route.load() == Load.CHANGE);
      assertThat(operation.has("security"))
          .as(route.path())
          .isEqualTo(route.access() instanceof Route.Access.Public);
    }
  }

  @Test
  void everyExampleFitsItsSchema() {
    int checked = 0;
    for (JsonNode media : document.findParents("example")) {
      if (media.has("schema")) {
        assertThat(complaints(media.path("schema"), media.path("example")))
            .as(media.path("example").toString())
            .isEmpty();
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(40);
  }

  private List<String> complaints(JsonNode schema, JsonNode value) {
    ObjectNode whole = Json.object();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.setAll((ObjectNode) schema);
    whole.set("components", document.path("components"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    List<String> complaints = new ArrayList<>();
    compiled.validate(value).forEach(message -> complaints.add(message.getMessage()));
    return complaints;
  }

  private void assertFits(String schema, Answered answered) {
    ObjectNode reference = Json.object().put("$ref", "#/components/schemas/" + schema);
    assertThat(complaints(reference, answered.json())).as(answered.body()).isEmpty();
  }

  @Test
  void realAnswersFitTheirSchemas() {
    String subject = server.adult();
    String path = "/v1/subjects/" + subject;
    assertFits("SubjectState", server.get(server.backend, path));
    assertFits(
        "Collected",
        server.collect(subject, "{\"identity.name\":\"Ada\",\"identity.shoe-size\":1}"));
    assertFits(
        "ReadAnswer",
        server.read(server.backend, subject, "customer-service", "identity.name", "x.y"));
    assertFits("Done", server.choose(subject, "granted", TestServer.BY_EMAIL));
    assertFits("Consents", server.get(server.backend, path + "/consents"));
    assertFits("History", server.get(server.backend, path + "/history"));
    String officer = staff("officer", "privacy-officer");
    String legal = TestServer.name("legal");
    server.token(legal, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1));
    assertFits(
        "Approval",
        server.change(
            officer,
            path + "/approvals",
            """
            {"purpose":"court-order","product":"meeting","reference":"12",
             "fields":["identity.name"],"for":"%s"}
            """
                .formatted(legal)));
    String use =
        server
            .post(
                staff("rescuer", "security-officer"),
                path + "/read",
                """
                {"purpose":"safety-of-life","product":"meeting","fields":["identity.name"],
                 "justification":"lost"}
                """)
            .text("/receipt/entry");
    assertFits("Reviews", server.get(officer, "/v1/reviews"));
    assertFits(
        "Done",
        server.change(
            officer, path + "/reviews", "{\"review\":\"" + use + "\",\"finding\":\"justified\"}"));
    assertFits("Reviews", server.get(officer, "/v1/reviews?state=all&limit=200"));
    assertFits("Policy", server.send(server.request("/v1/policy")));
    assertFits("Problem", server.read(server.support, subject, "settings", "device.model"));
    assertFits("Problem", server.post(server.backend, path + "/read", "{}"));
    assertFits("Status", server.send(server.request("/health/ready")));
    assertFits(
        "Certificate", server.change(server.backend, "DELETE", path, TestServer.name("key"), ""));
    for (JsonNode line :
        server
            .get(server.backend, "/v1/audience?purpose=promotion&channel=email&product=meeting")
            .lines()) {
      ObjectNode reference = Json.object().put("$ref", "#/components/schemas/AudienceLine");
      assertThat(complaints(reference, line)).isEmpty();
    }
  }

  private String staff(String name, String role) {
    return server.token(TestServer.name(name), Asker.Kind.STAFF, List.of(role), Duration.ofDays(1));
  }

  @Test
  void theDocumentIsServedAsItIs() {
    Answered answered = server.send(server.request("/openapi"));
    assertThat(answered.json()).isEqualTo(document);
    assertThat(answered.text("/openapi")).isEqualTo("3.1.0");
    assertThat(answered.response().body()).isEqualTo(answered.body().getBytes(UTF_8));
  }

  @Test
  void thePageShowsEveryCallAndRunsNothing() {
    String page = server.send(server.request("/docs")).body();
    for (Route route : routes()) {
      assertThat(page).contains("<code>" + route.path() + "</code>");
    }
    assertThat(page).doesNotContain("<script", "style=", "onclick", "http://", "https://");
  }
}
