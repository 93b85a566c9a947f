package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.LogSearch;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Window;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.language.Schema;
import dev.pledge.server.http.TestServer.Answered;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says what the server does. */
class OpenApiTest {
  private static final String NOBODY = "0198f1a2-8d20-7b14-a0c2-5be1d07c9f33";
  private static final String READ =
      "\"purpose\":\"authentication\",\"product\":\"meeting\",\"fields\":[\"contact.email\"]";
  private static final String ACCEPTED = "\"accepted\":" + TestServer.ACCEPTED;

  /** A body of each kind that nothing is wrong with but, here and there, whom it is about. */
  private static final Map<String, String> BODIES =
      Map.of(
          "ReadRequest",
          "{" + READ + ",\"limit\":1.0,\"justification\":\"she asks\"}",
          "BulkReadRequest",
          "{" + READ + ",\"justification\":\"moving\",\"subjects\":[\"" + NOBODY + "\"]}",
          "Lookup",
          """
          {"alias":{"email":"no@example.com"},"purpose":"authentication","product":"meeting"}
          """,
          "Registration",
          """
          {"product":"toaster","aliases":{"email":"no@example.com"},"birthDate":"1990-01-01",%s}
          """
              .formatted(ACCEPTED),
          "Join",
          "{\"product\":\"calendar\"," + ACCEPTED + "}",
          "Collection",
          """
          {"product":"meeting","source":"person","values":{"device.language":"en"}}
          """,
          "ApprovalRequest",
          """
          {"purpose":"court-order","product":"meeting","reference":"12","fields":["identity.name"],
           "for":"jo.doe"}
          """,
          "LogQuery",
          "{\"actor\":\"jo.doe\",\"limit\":20}",
          "ReviewRequest",
          "{\"review\":\"" + NOBODY + "\",\"finding\":\"justified\",\"note\":\"lost\"}",
          "AcknowledgeRequest",
          "{\"finding\":\"justified\"}");

  private final TestServer server = TestServer.shared();
  private final JsonNode document = document();

  private static JsonNode document() {
    try (InputStream in = Pages.class.getResourceAsStream("openapi.json")) {
      return Json.ours(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    // Pages of the Privacy Centre are for people, and no program's to call.
    return Routes.all(
            server.pledge,
            limits,
            new Metrics(),
            new Admission(limits),
            CentreEndpoints.of(server.pledge, CentreSettings.PLAIN, InstantSource.system()),
            InstantSource.system())
        .stream()
        .filter(route -> !route.isForPeople())
        .toList();
  }

  @Test
  void scopesAndKeysAreDescribedAsTheyAreAskedFor() {
    for (Route route : routes()) {
      JsonNode operation =
          document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
      String scope =
          route.access() instanceof Route.Access.Covered(var needed, _) ? needed.word() : "";
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

  /** Of the reference policy, if only in part: what is shown is what a client gets. */
  @Test
  void theExampleOfAPolicyIsPartOfTheRealOne() {
    JsonNode real = server.send(server.request("/v1/policy")).json();
    int policies = 0;
    for (JsonNode example : document.findValues("example")) {
      if (example.has("categories") && example.has("controller")) {
        assertIsPart(example, real, "");
        policies++;
      }
    }
    assertThat(policies).isEqualTo(2);
  }

  /** The same members; of a list some elements. */
  private static void assertIsPart(JsonNode part, JsonNode whole, String at) {
    if (part.isObject()) {
      assertThat(members(part)).as(at).isEqualTo(members(whole));
      part.properties()
          .forEach(
              one ->
                  assertIsPart(one.getValue(), whole.path(one.getKey()), at + "/" + one.getKey()));
    } else if (part.isArray()) {
      assertThat(part.isEmpty()).as(at).isEqualTo(whole.isEmpty());
      for (JsonNode element : part) {
        assertIsPart(element, like(element, whole, at), at + "/" + element.path("id").asText());
      }
    } else {
      assertThat(part).as(at).isEqualTo(whole);
    }
  }

  /** The element that bears the same name; of what has none, the same element. */
  private static JsonNode like(JsonNode element, JsonNode among, String at) {
    for (JsonNode each : among) {
      boolean same =
          element.has("id") ? element.path("id").equals(each.path("id")) : element.equals(each);
      if (same) {
        return each;
      }
    }
    throw new AssertionError(at + " has no " + element);
  }

  private static Set<String> members(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A reader who tries an example with the reference policy is not refused for its names. */
  @Test
  void theExamplesNameWhatTheReferencePolicyHas() {
    JsonNode real = server.send(server.request("/v1/policy")).json();
    Map<String, Set<String>> known =
        Map.of(
            "purpose", ids(real.path("purposes")),
            "product", words(real.path("products")),
            "roles", ids(real.path("roles")),
            "fields", fields(real),
            "field", fields(real),
            "policy", Set.of(real.path("policy").asText()));
    List<String> unknown = new ArrayList<>();
    for (JsonNode example : document.findValues("example")) {
      known.forEach(
          (member, names) -> {
            for (JsonNode value : example.findValues(member)) {
              List<JsonNode> texts = new ArrayList<>();
              (value.isArray() ? value : Json.array().add(value)).forEach(texts::add);
              texts.stream()
                  .filter(JsonNode::isTextual)
                  .map(JsonNode::asText)
                  .filter(name -> !names.contains(name))
                  .forEach(name -> unknown.add(member + " " + name));
            }
          });
    }
    assertThat(unknown).isEmpty();
  }

  private static Set<String> ids(JsonNode parts) {
    Set<String> ids = new TreeSet<>();
    parts.forEach(part -> ids.add(part.path("id").asText()));
    return ids;
  }

  private static Set<String> words(JsonNode list) {
    Set<String> words = new TreeSet<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static Set<String> fields(JsonNode policy) {
    Set<String> fields = new TreeSet<>();
    policy.path("categories").forEach(category -> fields.addAll(ids(category.path("fields"))));
    return fields;
  }

  private List<String> complaints(JsonNode schema, JsonNode value) {
    return complaints(document.path("components"), schema, value);
  }

  private static List<String> complaints(JsonNode components, JsonNode schema, JsonNode value) {
    ObjectNode whole = Json.object();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.setAll((ObjectNode) schema);
    whole.set("components", components);
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    List<String> complaints = new ArrayList<>();
    compiled.validate(value).forEach(message -> complaints.add(message.getMessage()));
    return complaints;
  }

  /**
   * The schemas, but with no members other than those described: clients put up with more, the
   * document does not.
   */
  private JsonNode closed() {
    JsonNode components = document.path("components").deepCopy();
    for (JsonNode schema : components.findParents("properties")) {
      if (!schema.has("additionalProperties") && schema.path("type").asText().equals("object")) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
    }
    return components;
  }

  private void assertFits(String schema, JsonNode answer) {
    ObjectNode reference = Json.object().put("$ref", "#/components/schemas/" + schema);
    assertThat(complaints(closed(), reference, answer)).as(answer.toString()).isEmpty();
  }

  /** Also whether the status is described for the call. */
  private JsonNode assertFits(String method, String path, String schema, Answered answered) {
    assertThat(
            document
                .path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .has("" + answered.status()))
        .as("%s %s answers %d", method, path, answered.status())
        .isTrue();
    JsonNode json = answered.json();
    assertFits(answered.status() >= 400 ? "Problem" : schema, json);
    return json;
  }

  @Test
  void realAnswersFitTheirSchemas() {
    String person = "/v1/subjects/{id}";
    ObjectNode registration =
        server.registration().put("birthDate", "1990-01-01").put("jurisdiction", "CN");
    Answered registered = server.change(server.backend, "/v1/subjects", registration.toString());
    String subject =
        assertFits("post", "/v1/subjects", "Registered", registered).path("subject").asText();
    String path = "/v1/subjects/" + subject;
    assertFits(
        "post",
        "/v1/subjects",
        "Registered",
        server.change(server.backend, "/v1/subjects", registration.toString()));
    String alias = registration.at("/aliases/email").asText();
    for (String email : List.of(alias, "no@example.com", "@")) {
      assertFits(
          "post",
          "/v1/subjects/lookup",
          "Registered",
          server.post(
              server.backend,
              "/v1/subjects/lookup",
              "{\"alias\":{\"email\":\"%s\"},\"purpose\":\"authentication\",\"product\":\"meeting\"}"
                  .formatted(email)));
    }
    assertFits(
        "post",
        person + "/data",
        "Collected",
        server.collect(subject, "{\"identity.name\":\"Ada\",\"identity.shoe-size\":1}"));
    assertFits("post", person + "/data", "Collected", server.collect(subject, "{\"x.y\":1}"));
    assertFits(
        "post", person + "/data", "Collected", server.collect(subject, "{\"identity.age\":\"x\"}"));
    assertFits(
        "post",
        person + "/read",
        "ReadAnswer",
        server.read(server.backend, subject, "customer-service", "identity.name", "x.y"));
    String officer = staff("officer", "privacy-officer");
    String legal = TestServer.name("legal");
    server.token(legal, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1));
    assertFits(
        "post",
        person + "/approvals",
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
    assertFits("get", "/v1/reviews", "Reviews", server.get(officer, "/v1/reviews"));
    assertFits(
        "post",
        person + "/reviews",
        "Done",
        server.change(
            officer, path + "/reviews", "{\"review\":\"" + use + "\",\"finding\":\"justified\"}"));
    assertFits(
        "get", "/v1/reviews", "Reviews", server.get(officer, "/v1/reviews?state=all&limit=200"));
    assertFits("get", "/v1/audit", "Logs", server.get("", "/v1/audit"));
    String auditor = server.token(Asker.Kind.AUDITOR, List.of(), Scope.LOG);
    for (String query : List.of("{}", "{\"purpose\":\"x\"}")) {
      assertFits(
          "post",
          "/v1/audit/{log}/search",
          "LogPage",
          server.post(auditor, "/v1/audit/pledge/search", query));
    }
    assertFits(
        "post",
        person + "/read",
        "ReadAnswer",
        server.read(server.support, subject, "settings", "device.model"));
    assertFits(
        "post", person + "/read", "ReadAnswer", server.post(server.backend, path + "/read", "{}"));
    assertFits(
        "post",
        person + "/consents",
        "Done",
        server.choose(subject, "granted", TestServer.BY_EMAIL));
    assertFits(
        "get", person + "/consents", "Consents", server.get(server.backend, path + "/consents"));
    assertFits(
        "get", person + "/history", "History", server.get(server.backend, path + "/history"));
    assertFits(
        "get",
        person + "/history",
        "History",
        server.get(server.backend, path + "/history?cursor=x"));
    assertFits(
        "post",
        person + "/products",
        "Done",
        server.change(
            server.backend,
            path + "/products",
            "{\"product\":\"calendar\",\"accepted\":" + TestServer.ACCEPTED + "}"));
    assertFits(
        "post",
        person + "/close",
        "Closed",
        server.change(server.backend, path + "/close", "{\"product\":\"calendar\"}"));
    assertFits(
        "post",
        person + "/jurisdiction",
        "Done",
        server.change(server.backend, path + "/jurisdiction", "{\"jurisdiction\":\"US-CA\"}"));
    assertFits("get", person, "SubjectState", server.get(server.backend, path));
    assertFits("get", person, "SubjectState", server.get(server.support, path));
    assertFits("get", person, "SubjectState", server.get("pledge_x", path));
    assertFits(
        "delete",
        person,
        "Certificate",
        server.change(server.backend, "DELETE", path, TestServer.name("key"), ""));
    assertFits("get", person, "SubjectState", server.get(server.backend, path));
    assertFits("get", "/v1/policy", "Policy", server.send(server.request("/v1/policy")));
    assertFits(
        "get",
        "/v1/policy",
        "Policy",
        server.send(server.request("/v1/policy").header("Accept", "image/png")));
    assertFits("get", "/health/live", "Status", server.send(server.request("/health/live")));
    assertFits("get", "/health/ready", "Status", server.send(server.request("/health/ready")));
  }

  @Test
  void realLinesFitTheirSchemas() {
    String subject = server.adult();
    server.choose(subject, "granted", TestServer.BY_EMAIL);
    List<JsonNode> audience =
        server
            .get(server.backend, "/v1/audience?purpose=promotion&channel=email&product=meeting")
            .lines();
    assertThat(audience).hasSizeGreaterThan(1);
    audience.forEach(line -> assertFits("AudienceLine", line));
    String unknown = "01a20422-a5f1-75b8-873e-b00f34390b38";
    String child = server.registered(server.registration());
    List<JsonNode> read =
        server
            .post(
                server.backend,
                "/v1/read",
                """
                {"subjects":["%s","%s","%s"],"purpose":"promotion","product":"meeting",
                 "channel":"email","fields":["contact.email"],"justification":"call list"}
                """
                    .formatted(subject, unknown, child))
            .lines();
    assertThat(read.stream().map(line -> line.path("status").asInt()))
        .containsExactly(200, 404, 403, 0);
    read.forEach(line -> assertFits("BulkLine", line));
  }

  @Test
  void parametersOfQueriesAreDescribedAndNoOthers() {
    for (Route route : routes()) {
      Set<String> described = new TreeSet<>();
      JsonNode operation =
          document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
      for (JsonNode parameter : operation.path("parameters")) {
        if (parameter.path("in").asText().equals("query")) {
          described.add(parameter.path("name").asText());
        }
      }
      assertThat(described).as(route.path()).isEqualTo(new TreeSet<>(route.parameters()));
    }
  }

  @Test
  void everyCallSaysWhatAllCallsMayAnswer() {
    for (Route route : routes()) {
      JsonNode responses =
          document
              .path("paths")
              .path(route.path())
              .path(route.method().toLowerCase(Locale.ROOT))
              .path("responses");
      Set<String> expected = new TreeSet<>(List.of("400", "500", "503"));
      if (!(route.access() instanceof Route.Access.Public)) {
        expected.addAll(List.of("401", "403", "429"));
      }
      if (route.takesBody()) {
        expected.addAll(List.of("408", "413", "415"));
      }
      if (route.load() == Load.CHANGE) {
        expected.addAll(List.of("409", "422"));
      }
      Set<String> described = new TreeSet<>();
      responses.fieldNames().forEachRemaining(described::add);
      assertThat(described).as(route.method() + " " + route.path()).containsAll(expected);
    }
  }

  @Test
  void limitsOfTheDocumentAreThoseThatAreKept() {
    Limits limits = Limits.usual();
    for (String request : List.of("ReadRequest", "BulkReadRequest")) {
      assertLimit(request + "/properties/fields/maxItems", ReadRequest.MOST_FIELDS);
      assertLimit(request + "/properties/reveal/maxItems", ReadRequest.MOST_FIELDS);
      assertLimit(
          request + "/properties/justification/maxLength", ReadRequest.LONGEST_JUSTIFICATION);
      assertLimit(request + "/properties/limit/maximum", Window.MOST);
    }
    assertLimit("BulkReadRequest/properties/subjects/maxItems", limits.batch());
    assertLimit("Collection/properties/values/maxProperties", ReadRequest.MOST_FIELDS);
    assertLimit("Correction/properties/values/maxProperties", ReadRequest.MOST_FIELDS);
    assertLimit("Collection/properties/conditions/maxItems", Collection.MOST_CONDITIONS);
    assertLimit("Registration/properties/consents/maxItems", Registration.MOST_CONSENTS);
    assertLimit("Evidence/properties/act/maxLength", Evidence.LONGEST);
    assertLimit("Evidence/properties/notice/maxLength", Evidence.LONGEST);
    assertLimit("Evidence/properties/language/maxLength", Evidence.LONGEST_LANGUAGE);
    assertLimit("Evidence/properties/detail/maxLength", Evidence.LONGEST_DETAIL);
    assertLimit("LogQuery/properties/limit/maximum", LogSearch.MOST);
    assertThat(document.at("/components/parameters/IdempotencyKey/schema/maxLength").asInt())
        .isEqualTo(Door.LONGEST_KEY);
    for (String path : List.of("consents", "history")) {
      JsonNode limit =
          document.at("/paths/~1v1~1subjects~1{id}~1" + path + "/get/parameters/1/schema");
      assertThat(limit.path("maximum").asInt()).isEqualTo(InsightEndpoints.MOST);
      assertThat(limit.path("default").asInt()).isEqualTo(InsightEndpoints.PAGE);
    }
    JsonNode deleted = document.at("/paths/~1v1~1subjects~1{id}~1data/delete/parameters/1/schema");
    assertThat(deleted.path("maxItems").asInt()).isEqualTo(ReadRequest.MOST_FIELDS);
    assertThat(document.at("/components/responses/TooLarge").toString())
        .contains(Integer.toString(limits.bodyBytes()));
  }

  private void assertLimit(String pointer, int limit) {
    assertThat(document.at("/components/schemas/" + pointer).asInt()).as(pointer).isEqualTo(limit);
  }

  /** Of which body, at which place of it, what is wrong; null for a member that is missing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "ReadRequest     | /fields                     | [\"a.b\",\"a.b\"]",
        "ReadRequest     | /justification              | \" \"",
        "ReadRequest     | /justification              | \"?!\"",
        "ReadRequest     | /justification              | \"a\\u0007\"",
        "ReadRequest     | /order                      | {\"approval\":\"7\"}",
        "ReadRequest     | /limit                      | 1.5",
        "ReadRequest     | /limit                      | null",
        "Lookup          | /alias/phone                | \"+8613800138000\"",
        "Registration    | /birthDate                  | null",
        "Registration    | /birthDate                  | \"1899-12-31\"",
        "Registration    | /accepted                   | null",
        "Registration    | /accepted/policy            | \"emeet\"",
        "Registration    | /accepted/policy            | \"Emeet@2020-04-23\"",
        "Registration    | /accepted/evidence/act      | \" \"",
        "Registration    | /accepted/evidence/act      | \"a\\nb\"",
        "Registration    | /accepted/evidence/notice   | \" \"",
        "Registration    | /accepted/evidence/language | \"english!\"",
        "Registration    | /accepted/evidence/detail   | \"\\t\"",
        "Join            | /accepted                   | null",
        "Join            | /accepted                   | ",
        "Collection      | /values/device.language     | null",
        "ApprovalRequest | /reference                  | \" - \"",
        "ApprovalRequest | /for                        | \"Jo Doe\"",
        "ApprovalRequest | /fields                     | [\"a.b\",\"a.b\"]",
        "ReviewRequest   | /review                     |"
            + " \"0198F1A2-8D20-7B14-A0C2-5BE1D07C9F33\"",
        "ReviewRequest   | /note                       | \"!\"",
        "LogQuery        | /kind                       | \"robot\"",
        "LogQuery        | /outcome                    | \"lost\"",
        "LogQuery        | /actor                      | \"Jo Doe\"",
        "LogQuery        | /limit                      | 201",
        "LogQuery        | /from                       | null",
        "AcknowledgeRequest | /finding                 | \"fine\"",
        "BulkReadRequest | /subjects                   |"
            + " [\"0198f1a2-8d20-7b14-a0c2-5be1d07c9f33\",\"0198f1a2-8d20-7b14-a0c2-5be1d07c9f33\"]",
        "BulkReadRequest | /subjects/0                 | \"somebody\""
      })
  void whatTheServerRefusesTheSchemaRefuses(String schema, String pointer, @Nullable String wrong) {
    JsonNode right = Json.ours(BODIES.get(schema).getBytes(UTF_8));
    ObjectNode reference = Json.object().put("$ref", "#/components/schemas/" + schema);
    assertThat(complaints(reference, right)).isEmpty();
    assertThat(asked(schema, right).status()).as(right.toString()).isNotEqualTo(400);
    JsonNode bent = bent(right.deepCopy(), pointer, wrong);
    assertThat(complaints(reference, bent)).as(bent.toString()).isNotEmpty();
    assertThat(asked(schema, bent).status()).as(bent.toString()).isEqualTo(400);
  }

  private Answered asked(String schema, JsonNode body) {
    String path =
        switch (schema) {
          case "Registration" -> "/v1/subjects";
          case "Lookup" -> "/v1/subjects/lookup";
          case "BulkReadRequest" -> "/v1/read";
          case "ReadRequest" -> "/v1/subjects/" + NOBODY + "/read";
          case "LogQuery" -> "/v1/audit/pledge/search";
          case "Collection" -> "/v1/subjects/" + NOBODY + "/data";
          case "Join" -> "/v1/subjects/" + NOBODY + "/products";
          case "ApprovalRequest" -> "/v1/subjects/" + NOBODY + "/approvals";
          case "ReviewRequest" -> "/v1/subjects/" + NOBODY + "/reviews";
          case "AcknowledgeRequest" -> "/v1/alarms/" + NOBODY + "/acknowledge";
          default -> throw new IllegalArgumentException(schema);
        };
    return server.change(server.backend, path, body.toString());
  }

  /** The same with another value at a place; without it where there is none. */
  private static JsonNode bent(JsonNode body, String pointer, @Nullable String value) {
    int last = pointer.lastIndexOf('/');
    JsonNode parent = body.at(pointer.substring(0, last));
    String name = pointer.substring(last + 1);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(name), Json.ours(value.getBytes(UTF_8)));
    } else if (value == null) {
      ((ObjectNode) parent).remove(name);
    } else {
      ((ObjectNode) parent).set(name, Json.ours(value.getBytes(UTF_8)));
    }
    return body;
  }

  @Test
  void everyProblemOfTheDocumentIsOneOfOurs() {
    for (JsonNode problem : document.findParents("detail")) {
      if (problem.path("type").asText().startsWith("urn:")) {
        assertThat(ProblemType.values())
            .anySatisfy(
                type -> {
                  assertThat(type.uri()).isEqualTo(problem.path("type").asText());
                  assertThat(type.status()).isEqualTo(problem.path("status").asInt());
                  assertThat(type.title().english()).isEqualTo(problem.path("title").asText());
                });
      }
    }
  }

  @Test
  void realAnswersAboutRequestsFitTheirSchemas() {
    String subject = server.adult();
    String officer =
        server.token(
            TestServer.name("officer"),
            Asker.Kind.STAFF,
            List.of("privacy-officer"),
            Duration.ofDays(1),
            Scope.REQUESTS);
    String own = "/v1/subjects/{id}/requests";
    String path = "/v1/subjects/" + subject + "/requests";
    String body = "{\"kind\":\"deletion\",\"fields\":[\"identity.name\"],\"text\":\"please\"}";
    Answered made = server.change(server.backend, path, body);
    String request = assertFits("post", own, "RightsRequest", made).path("request").asText();
    String one = path + "/" + request;
    assertFits("post", own, "RightsRequest", server.change(server.backend, path, "{}"));
    assertFits("get", own, "OwnRequests", server.get(server.backend, path));
    assertFits(
        "post",
        own + "/{request}/messages",
        "RightsRequest",
        server.change(server.backend, one + "/messages", "{\"text\":\"soon\"}"));
    assertFits(
        "post",
        own + "/{request}/documents",
        "RightsRequest",
        server.change(server.backend, one + "/documents", "{}"));
    String staff = "/v1/requests/{request}";
    String it = "/v1/requests/" + request;
    String granted = "{\"ruling\":\"granted\",\"reasons\":\"as asked\"}";
    assertFits(
        "post",
        staff + "/decision",
        "RightsRequest",
        server.change(officer, it + "/decision", granted));
    assertFits(
        "post",
        own + "/{request}/identity",
        "RightsRequest",
        server.change(server.backend, one + "/identity", "{\"assurance\":\"stepped-up\"}"));
    assertFits(
        "post", staff + "/take", "RightsRequest", server.change(officer, it + "/take", "{}"));
    assertFits(
        "post",
        staff + "/extension",
        "RightsRequest",
        server.change(officer, it + "/extension", "{\"reason\":\"it is long\"}"));
    assertFits("get", "/v1/requests", "RequestQueue", server.get(officer, "/v1/requests"));
    assertFits(
        "post",
        staff + "/decision",
        "RightsRequest",
        server.change(officer, it + "/decision", granted));
    assertFits("get", staff, "WholeRequest", server.get(officer, it));
    assertFits("get", own + "/{request}", "WholeRequest", server.get(server.backend, one));
    for (String act : List.of("run", "done", "messages", "identity")) {
      assertFits(
          "post",
          staff + "/" + act,
          "RightsRequest",
          server.change(
              officer, it + "/" + act, act.equals("messages") ? "{\"text\":\"done\"}" : "{}"));
    }
    for (String act : List.of("withdraw", "appeal")) {
      assertFits(
          "post",
          own + "/{request}/" + act,
          "RightsRequest",
          server.change(
              server.backend, one + "/" + act, act.equals("appeal") ? "{\"text\":\"no\"}" : "{}"));
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
  void theSchemasOfPoliciesAreServedAsTheyArePublished() throws IOException {
    for (Schema schema : Schema.values()) {
      Answered answered = server.send(server.request("/schema/" + schema.file()));
      assertThat(answered.response().headers().firstValue("Content-Type"))
          .contains("application/schema+json");
      assertThat(answered.body())
          .isEqualTo(Files.readString(Path.of("../docs/schema", schema.file())));
    }
  }

  @Test
  void thePageShowsEveryCallAndRunsNothing() {
    String page = server.send(server.request("/docs")).body();
    for (Route route : routes()) {
      boolean ofThePages =
          document
              .path("paths")
              .path(route.path())
              .path(route.method().toLowerCase(Locale.ROOT))
              .path("x-page")
              .asBoolean();
      if (!ofThePages) {
        assertThat(page).contains("<code>" + route.path() + "</code>");
      }
    }
    assertThat(page).doesNotContain("<script", "style=", "onclick", "http://", "https://");
  }

  /** A page of every schema the calls use would be long; what is in bodies is written out. */
  @Test
  void thePageShowsEveryMemberOfEveryBody() {
    String page = server.send(server.request("/docs")).body();
    for (JsonNode path : document.path("paths")) {
      for (JsonNode operation : path) {
        JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
        if (!schema.isMissingNode()) {
          int from = page.indexOf("<article id=\"" + operation.path("operationId").asText() + "\"");
          assertShown(page.substring(from, page.indexOf("</article>", from)), schema);
        }
      }
    }
    assertThat(page)
        .contains(
            "list of strings, 1 to 64, each once",
            "string, 1 to 800 characters",
            "object, exactly 1 member, needed",
            "&quot;product&quot;: &quot;meeting&quot;");
  }

  private void assertShown(String article, JsonNode unresolved) {
    JsonNode schema =
        unresolved.has("$ref")
            ? document.at(unresolved.path("$ref").asText().substring(1))
            : unresolved;
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      assertThat(article).contains("<dt><code>" + member.getKey() + "</code></dt>");
      assertShown(article, member.getValue());
    }
    if (schema.has("items")) {
      assertShown(article, schema.path("items"));
    }
  }
}
