package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private static final String MARK = "Zaphod Beeblebrox 42!";

  private final TestServer server = TestServer.shared();

  private static void assertProblem(Answered answered, int status, String problem) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(status);
    assertThat(answered.problem()).isEqualTo(problem);
    assertThat(answered.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answered.text("/title")).isNotBlank();
    assertThat(answered.text("/detail")).isNotBlank();
    assertThat(answered.json().path("status").asInt()).isEqualTo(status);
    assertThat(answered.body()).doesNotContain(MARK, "Exception", "dev.pledge", "java.");
  }

  private static void assertRefused(Answered answered, String clause, String reason) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(403);
    assertThat(answered.text("/clause")).isEqualTo(clause);
    assertThat(answered.body()).contains("\"reason\":\"" + reason + "\"");
  }

  // ---------------------------------------------------------------- names the policy does not know

  @Test
  @Clause("I.5")
  void unknownFieldIsWithheldAndKnownOnesAreNot() {
    String subject = server.adult();
    Answered answered =
        server.read(server.backend, subject, "customer-service", "contact.email", "contact.fax");
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.text("/decision")).isEqualTo("partly");
    assertThat(answered.text("/withheld/0/field")).isEqualTo("contact.fax");
    assertThat(answered.text("/withheld/0/clause")).isEqualTo("I.5");
  }

  @Test
  void fieldNotShapedLikeAFieldIsNotRepeated() {
    Answered answered =
        server.read(server.backend, server.adult(), "customer-service", "contact.email", MARK);
    assertThat(answered.body()).doesNotContain(MARK);
    assertThat(answered.json().at("/withheld/0/index").asInt()).isEqualTo(1);
  }

  @Test
  @Clause("II.II.1")
  void unknownPurposeIsRefused() {
    assertRefused(
        server.read(server.backend, server.adult(), "world-domination", "contact.email"),
        "II.II.1",
        "unknown-purpose");
  }

  @Test
  @Clause("VIII.1")
  void unknownProductIsRefused() {
    Answered answered =
        server.post(
            server.backend,
            "/v1/subjects/" + server.adult() + "/read",
            "{\"purpose\":\"customer-service\",\"product\":\"toaster\",\"fields\":[\"contact.email\"]}");
    assertRefused(answered, "VIII.1", "unknown-product");
  }

  @Test
  @Clause("IV.3")
  void roleThePolicyDoesNotKnowGivesNothing() {
    String token = server.token(Asker.Kind.SERVICE, List.of("wizard"));
    assertRefused(
        server.read(token, server.adult(), "customer-service", "contact.email"), "IV.3", "no-role");
  }

  @Test
  @Clause("IV.3")
  void roleWithoutThePurposeIsRefusedWithTheClause() {
    assertRefused(
        server.read(server.support, server.adult(), "settings", "device.model"), "IV.3", "no-role");
  }

  // ---------------------------------------------------------------- bodies

  @Test
  void unknownMemberIsPointedAt() {
    Answered answered =
        read("{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"porpoise\":1}");
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/porpoise");
  }

  @Test
  void unknownMemberNotShapedLikeANameIsNotRepeated() {
    Answered answered = read("{\"purpose\":\"x\",\"" + MARK + "\":1}");
    assertProblem(answered, 400, "bad-request");
  }

  @Test
  void missingMemberIsPointedAt() {
    Answered answered = read("{\"product\":\"meeting\",\"fields\":[\"contact.email\"]}");
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/purpose");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"purpose\":7,\"product\":\"y\",\"fields\":[\"a.b\"]}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":\"a.b\"}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[1]}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[]}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\",\"a.b\"]}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"limit\":0}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"limit\":1.5}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"limit\":1e999999999}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"limit\":1001.0}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"order\":null}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"from\":\"yesterday\"}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"as\":\"king\"}",
        "{\"purpose\":\"x\",\"product\":\"y\",\"fields\":[\"a.b\"],\"justification\":\" \"}",
        "{\"purpose\":\"\\ud800\",\"product\":\"y\",\"fields\":[\"a.b\"]}",
        "[]",
        "7",
        "null",
        "",
        "{",
        "{\"purpose\":\"Zaphod Beeblebrox 42!\"",
        "{\"purpose\":\"x\",\"purpose\":\"x\"}",
        "{\"purpose\":\"x\"} {}",
        "{'purpose':'x'}",
        "{\"purpose\":NaN}",
        "// x\n{}",
        "\ufeff{}"
      })
  void bodyThatIsNotWhatTheCallTakesIsRefused(String body) {
    assertProblem(read(body), 400, "bad-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/birthDate", "/accepted", "/consents", "/aliases/phone", "/accepted/evidence/at"})
  void nullIsNoValue(String pointer) {
    ObjectNode registration = server.registration().put("birthDate", "1990-01-01");
    int last = pointer.lastIndexOf('/');
    ((ObjectNode) registration.at(pointer.substring(0, last))).putNull(pointer.substring(last + 1));
    Answered answered = server.change(server.backend, "/v1/subjects", registration.toString());
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/errors/0/pointer")).isEqualTo(pointer);
    assertThat(answered.text("/errors/0/detail")).isEqualTo("null is no value; leave it out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "1e2"})
  void numberThatIsWholeMayBeWrittenInAnyWay(String limit) {
    String members =
        "{\"purpose\":\"customer-service\",\"product\":\"meeting\",\"fields\":[\"contact.email\"]";
    assertThat(read(members + ",\"limit\":" + limit + "}").status()).isEqualTo(200);
  }

  @Test
  void wrongTypeOfAValueIsSaidOfItsField() {
    Answered answered = server.collect(server.adult(), "{\"device.language\":\"" + MARK + "\"}");
    assertProblem(answered, 400, "invalid-values");
    assertThat(answered.text("/refused/0/field")).isEqualTo("device.language");
  }

  @Test
  void bodyOfTwoMebibytesIsRefused() {
    assertProblem(read("{\"purpose\":\"" + "a".repeat(2 << 20) + "\"}"), 413, "body-too-large");
  }

  @Test
  void bodyOfTwoMebibytesWithoutAnnouncedLengthIsRefused() {
    byte[] body = ("{\"purpose\":\"" + "a".repeat(2 << 20) + "\"}").getBytes(UTF_8);
    Answered answered =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects/" + server.adult() + "/read")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    assertProblem(answered, 413, "body-too-large");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1_000, 100_000})
  void deepNestingIsRefused(int depth) {
    assertProblem(
        read("{\"purpose\":" + "[".repeat(depth) + "]".repeat(depth) + "}"), 400, "bad-request");
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] body = "{\"purpose\":\"xx\"}".getBytes(UTF_8);
    body[12] = (byte) 0xC3;
    body[13] = (byte) 0x28;
    Answered answered =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects/" + server.adult() + "/read")
                .POST(BodyPublishers.ofByteArray(body)));
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/detail")).contains("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "application/json; charset=utf-16", "nonsense"})
  void bodyThatIsNotDeclaredAsJsonIsRefused(String type) {
    Answered answered =
        server.send(
            server
                .request("/v1/subjects/" + server.adult() + "/read")
                .header("Authorization", "Bearer " + server.backend)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}")));
    assertProblem(answered, 415, "not-json");
  }

  @Test
  void numbersOfAbsurdSizeAreRefused() {
    assertProblem(
        server.collect(server.adult(), "{\"identity.age\":1e999999999}"), 400, "bad-request");
    assertProblem(
        server.collect(server.adult(), "{\"identity.age\":" + "9".repeat(100) + "}"),
        400,
        "bad-request");
  }

  @Test
  void tooManyFieldsAreRefused() {
    String[] fields = new String[ReadRequest.MOST_FIELDS + 1];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = "contact.f" + i;
    }
    assertProblem(
        server.read(server.backend, server.adult(), "customer-service", fields),
        400,
        "bad-request");
  }

  @Test
  void smallBodyOfVeryManyPartsIsRefusedAndSaysWhy() {
    Answered answered = read("{\"purpose\":[" + "{},".repeat(Json.MOST_TOKENS) + "{}]}");
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/detail")).contains("more than 20000 names, values and brackets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/fields        | \"fields\":[]",
        "/fields        | \"fields\":[\"a.b\",\"a.b\"]",
        "/justification | \"fields\":[\"a.b\"],\"justification\":\" \"",
        "/to            |"
            + " \"fields\":[\"a.b\"],\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\""
      })
  void complaintPointsAtTheMemberItIsAboutInTheLanguageAskedFor(String pointer, String members) {
    String body = "{\"purpose\":\"x\",\"product\":\"y\"," + members + "}";
    Answered english = read(body);
    assertProblem(english, 400, "bad-request");
    assertThat(english.text("/errors/0/pointer")).isEqualTo(pointer);
    assertThat(english.header("Content-Language")).isEqualTo("en");
    Answered chinese =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects/" + server.adult() + "/read")
                .header("Accept-Language", "zh")
                .POST(BodyPublishers.ofString(body)));
    assertThat(chinese.text("/errors/0/pointer")).isEqualTo(pointer);
    assertThat(chinese.text("/errors/0/detail"))
        .containsPattern("\\p{IsHan}")
        .doesNotContain("name");
    assertThat(chinese.header("Content-Language")).isEqualTo("zh");
  }

  @Test
  void complaintPointsIntoTheEvidenceOfTheSecondConsent() {
    ObjectNode registration = server.registration();
    ObjectNode consent =
        (ObjectNode)
            Json.tree(
                Map.of(
                    "purpose", "authentication",
                    "decision", "granted",
                    "product", "meeting",
                    "by", "self",
                    "evidence", Json.ours(TestServer.evidence().getBytes(UTF_8))));
    ObjectNode blank = consent.deepCopy();
    ((ObjectNode) blank.path("evidence")).put("act", " ");
    registration.putArray("consents").add(consent).add(blank);
    Answered answered = server.change(server.backend, "/v1/subjects", registration.toString());
    assertProblem(answered, 400, "bad-request");
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/consents/1/evidence/act");
  }

  @Test
  void problemOfAChangeSaysItsLanguage() {
    ObjectNode registration = server.registration().put("birthDate", yearsAgo(12));
    Answered answered =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects")
                .header("Idempotency-Key", TestServer.name("key"))
                .header("Accept-Language", "zh")
                .POST(BodyPublishers.ofString(registration.toString())));
    assertThat(answered.status()).isEqualTo(403);
    assertThat(answered.header("Content-Language")).isEqualTo("zh");
    assertThat(answered.text("/detail")).containsPattern("\\p{IsHan}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/policy?a=1", "/health/live?a=1", "/metrics?a", "/docs?a=1", "/v1/reads?a=1"})
  void parametersACallDoesNotTakeAreRefused(String path) {
    Answered answered = server.get(server.backend, path);
    if (path.startsWith("/v1/reads")) {
      assertProblem(answered, 404, "not-found");
    } else {
      assertProblem(answered, 400, "bad-request");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "%", "a=%c3%28", "%00"})
  void malformedQueryIsRefused(String query) throws IOException {
    try (Socket socket = server.raw("GET /v1/policy?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n")) {
      assertThat(new String(socket.getInputStream().readNBytes(13), UTF_8))
          .isEqualTo("HTTP/1.1 400 ");
    }
  }

  @Test
  void parametersACallDoesNotTakeAreRefusedOfPeopleToo() {
    String path = "/v1/subjects/" + server.adult();
    assertProblem(server.get(server.backend, path + "?a=1"), 400, "bad-request");
    assertProblem(server.post(server.backend, path + "/read?a=1", "{}"), 400, "bad-request");
    assertProblem(server.get(server.backend, path + "/history?limits=1"), 400, "bad-request");
  }

  // ---------------------------------------------------------------- the protocol

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs", "/openapi", "/v1/policy", "/health/ready", "/metrics"})
  void headAnswersLikeGetWithoutTheBody(String path) {
    Answered get = server.send(server.request(path));
    Answered head = server.send(server.request(path).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    if (!path.equals("/metrics")) {
      assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    }
  }

  @Test
  void methodThatIsNotTakenSaysWhichAre() {
    Answered answered =
        server.send(server.request("/v1/policy").method("PUT", BodyPublishers.noBody()));
    assertProblem(answered, 405, "method-not-allowed");
    assertThat(answered.header("Allow")).isEqualTo("GET, HEAD");
  }

  static List<String> tooMuchBeforeTheBody() {
    return List.of(
        "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(17_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(5_000) + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "X".repeat(17_000) + ": a\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource
  void tooMuchBeforeTheBody(String request) throws IOException {
    try (Socket socket = server.raw(request)) {
      byte[] said = socket.getInputStream().readNBytes(47);
      assertThat(new String(said, UTF_8))
          .isEqualTo("HTTP/1.1 431 Request Header Fields Too Large\r\n".concat("D"));
    }
  }

  /** All that is answered to a request that no library would send. */
  private String answered(String request) throws IOException {
    try (Socket socket = server.raw(request)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String head(String method, String path, String... more) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(
            method,
            path,
            server.backend,
            Stream.of(more).map(header -> header + "\r\n").collect(Collectors.joining()));
  }

  private String chunks(String path, String body) {
    return head("POST", path, "Content-Type: application/json", "Transfer-Encoding: chunked")
        + body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n",
        "-1\r\n",
        "\r\n",
        "0x2\r\n{}\r\n",
        "80000000\r\n",
        "FFFFFFFFFFFFFFFF\r\n",
        "2\n{}\r\n",
        "1\r\n{}\r\n",
        "2;a=b\r\n{}\r\n",
        "2\r\n{}\r\n0\r\nX-A: b\r\n\r\n"
      })
  void chunksThatCannotBeReadAreRefusedAndNothingAfterThemIsARequest(String chunks)
      throws IOException {
    String smuggled = "0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(answered(chunks("/v1/subjects/x/read", chunks + smuggled)))
        .startsWith("HTTP/1.1 400 ")
        .contains("Connection: close", "problem:bad-request", "chunks")
        .doesNotContain("\"live\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Transfer-Encoding: chunked|zz\r\nfoo", "Content-Length: 2|{}"})
  void erasureWithABodyIsRefusedBeforeAnythingIsErased(String bad) throws IOException {
    String path = "/v1/subjects/" + server.adult();
    String header = bad.substring(0, bad.indexOf('|'));
    String body = bad.substring(bad.indexOf('|') + 1);
    String key = "Idempotency-Key: " + TestServer.name("key");
    assertThat(answered(head("DELETE", path, key, header, "Connection: close") + body))
        .startsWith("HTTP/1.1 400 ")
        .contains("takes no body");
    assertThat(server.get(server.backend, path).status()).isEqualTo(200);
  }

  @Test
  void readWithABodyThatNobodyLooksAtIsRefused() throws IOException {
    assertThat(
            answered(head("GET", "/v1/reviews", "Content-Length: 2", "Connection: close") + "{}"))
        .startsWith("HTTP/1.1 400 ")
        .contains("takes no body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity"})
  void encodedBodyIsRefusedWithARemedy(String encoding) {
    Answered answered =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects/lookup")
                .header("Content-Encoding", encoding)
                .POST(BodyPublishers.ofString("{}")));
    assertProblem(answered, 415, "not-json");
    assertThat(answered.text("/detail")).contains("without a content encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer x", "Content-Type: text/plain"})
  void headerThatDecidesStandsOnce(String second) throws IOException {
    String first = "Content-Type: application/json";
    String request =
        head(
            "POST", "/v1/subjects/lookup", first, second, "Content-Length: 2", "Connection: close");
    assertThat(answered(request + "{}"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Send one `" + second.substring(0, second.indexOf(':')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/subjects/{id};x=1",
        "/v1;x=1/subjects/{id}",
        "/v1//subjects/{id}",
        "//v1/subjects/{id}",
        "/v1/./subjects/{id}",
        "/v1/subjects/x/../{id}",
        "/v1/subjects/../..",
        "/v1/subjects/..",
        "/docs/%2e%2e/v1/subjects/{id}",
        "/v1/subjects%2F{id}",
        "/v1/subjects/{id}%5C"
      })
  void addressThatAProxyMayReadOtherwiseIsRefused(String path) throws IOException {
    String address = path.replace("{id}", server.adult());
    assertThat(answered(head("GET", address, "Connection: close")))
        .startsWith("HTTP/1.1 400 ")
        .contains("Write the address without");
  }

  private Answered read(String body) {
    return server.post(server.backend, "/v1/subjects/" + server.adult() + "/read", body);
  }

  // ---------------------------------------------------------------- keys

  @Test
  void changeWithoutIdempotencyKeyIsRefused() {
    assertProblem(
        server.post(server.backend, "/v1/subjects", server.registration().toString()),
        400,
        "key-missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a b", "schlüssel"})
  void idempotencyKeyThatIsNotVisibleAsciiIsRefused(String key) {
    if (key.chars().allMatch(c -> c < 0x80)) {
      assertProblem(
          server.change(
              server.backend, "POST", "/v1/subjects", key, server.registration().toString()),
          400,
          "key-malformed");
    }
    assertProblem(
        server.change(
            server.backend,
            "POST",
            "/v1/subjects",
            "k".repeat(Door.LONGEST_KEY + 1),
            server.registration().toString()),
        400,
        "key-malformed");
  }

  @Test
  void sameKeyWithTheSameBodyAnswersTheSame() {
    String key = TestServer.name("key");
    String body = server.registration().toString();
    Answered first = server.change(server.backend, "POST", "/v1/subjects", key, body);
    Answered again = server.change(server.backend, "POST", "/v1/subjects", key, body);
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Idempotent-Replay")).isEmpty();
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
  }

  @Test
  void aMoveIsToACodeAndSentAgainMovesNobodyBack() {
    String person = "/v1/subjects/" + server.adult();
    String path = person + "/jurisdiction";
    Answered wrong = server.change(server.backend, path, "{\"jurisdiction\":\"Germany\"}");
    assertProblem(wrong, 400, "bad-request");
    assertThat(wrong.text("/errors/0/pointer")).isEqualTo("/jurisdiction");
    assertThat(wrong.text("/errors/0/detail")).isEqualTo("write an ISO 3166 code, such as `CN`");
    String key = TestServer.name("key");
    String move = "{\"jurisdiction\":\"DE\"}";
    Answered moved = server.change(server.backend, "POST", path, key, move);
    assertThat(moved.status()).isEqualTo(200);
    assertThat(server.get(server.backend, person).text("/jurisdiction")).isEqualTo("DE");
    server.change(server.backend, path, "{\"jurisdiction\":\"US\"}");
    Answered again = server.change(server.backend, "POST", path, key, move);
    assertThat(again.body()).isEqualTo(moved.body());
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(server.get(server.backend, person).text("/jurisdiction")).isEqualTo("US");
  }

  @Test
  void sameKeyWithAnotherBodyIsRefused() {
    String key = TestServer.name("key");
    server.change(server.backend, "POST", "/v1/subjects", key, server.registration().toString());
    assertProblem(
        server.change(
            server.backend, "POST", "/v1/subjects", key, server.registration().toString()),
        422,
        "key-reused");
  }

  @Test
  void sameKeyForAnotherPersonIsRefused() {
    String key = TestServer.name("key");
    String body = "{\"product\":\"meeting\"}";
    String close = "/v1/subjects/%s/close";
    server.change(server.backend, "POST", close.formatted(server.adult()), key, body);
    assertProblem(
        server.change(server.backend, "POST", close.formatted(server.adult()), key, body),
        422,
        "key-reused");
  }

  @Test
  void sameKeyForOtherParametersIsRefused() {
    String key = TestServer.name("key");
    String path = "/v1/subjects/" + server.adult() + "/data";
    Answered one =
        server.change(
            server.backend,
            "DELETE",
            path + "?field=identity.gender%2C%20identity.education",
            key,
            "");
    assertThat(one.header("Idempotent-Replay")).isEmpty();
    assertProblem(
        server.change(
            server.backend,
            "DELETE",
            path + "?field=identity.gender&field=identity.education",
            key,
            ""),
        422,
        "key-reused");
  }

  @Test
  void sameKeyOfAnotherActorIsAnotherKey() {
    String other = server.token(Asker.Kind.SERVICE, List.of("product-backend"), Scope.values());
    String key = TestServer.name("key");
    String one = server.registration().toString();
    String two = server.registration().toString();
    assertThat(server.change(server.backend, "POST", "/v1/subjects", key, one).status())
        .isEqualTo(201);
    assertThat(server.change(other, "POST", "/v1/subjects", key, two).status()).isEqualTo(201);
  }

  // ---------------------------------------------------------------- tokens

  @Test
  void callWithoutTokenIsRefused() {
    Answered answered = server.send(server.request("/v1/subjects/" + server.adult()));
    assertProblem(answered, 401, "not-signed-in");
    assertThat(answered.header("WWW-Authenticate")).startsWith("Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pledge_wrong", "x", "pledge_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void wrongTokenIsRefused(String token) {
    assertProblem(server.get(token, "/v1/subjects/" + server.adult()), 401, "not-signed-in");
  }

  @Test
  void expiredTokenIsRefused() {
    try (TestServer own = TestServer.start(TestServer.generous())) {
      String token =
          own.token("brief", Asker.Kind.SERVICE, List.of(), Duration.ofHours(1), Scope.SUBJECTS);
      String path = "/v1/subjects/" + own.adult();
      assertThat(own.get(token, path).status()).isEqualTo(200);
      own.clock.advance(Duration.ofHours(2));
      assertProblem(own.get(token, path), 401, "not-signed-in");
    }
  }

  @Test
  void tokenWithoutTheScopeIsRefusedWithTheClause() {
    String token = server.token(Asker.Kind.SERVICE, List.of("product-backend"), Scope.SUBJECTS);
    Answered answered = server.get(token, "/v1/subjects/" + server.adult() + "/history");
    assertProblem(answered, 403, "scope-missing");
    assertThat(answered.text("/clause")).isEqualTo("IV.3");
  }

  @Test
  void askingInAPersonsRightNeedsTheScope() {
    String token = server.token(Asker.Kind.SERVICE, List.of("product-backend"));
    Answered answered =
        server.post(
            token,
            "/v1/subjects/" + server.adult() + "/read",
            """
            {"purpose":"access","product":"meeting","fields":["contact.email"],"as":"subject"}
            """);
    assertProblem(answered, 403, "scope-missing");
  }

  // ---------------------------------------------------------------- people

  @Test
  void takenAliasAnswersConflictAndNamesNoOne() {
    ObjectNode first = server.registration();
    String id = server.registered(first);
    ObjectNode second = server.registration();
    String email = first.at("/aliases/email").asText();
    second.putObject("aliases").put("email", email.toUpperCase(Locale.ROOT));
    Answered answered = server.change(server.backend, "/v1/subjects", second.toString());
    assertProblem(answered, 409, "alias-taken");
    assertThat(answered.body()).doesNotContain(id).doesNotContainIgnoringCase(email);
  }

  @Test
  @Clause("VI.1")
  void minorWithoutGuardianIsNotRegistered() {
    ObjectNode registration = server.registration().put("birthDate", yearsAgo(12));
    assertRefused(
        server.change(server.backend, "/v1/subjects", registration.toString()),
        "VI.1",
        "guardian-missing");
  }

  @Test
  @Clause("VI.1")
  void minorWithGuardianIsRegisteredForWhatTheGuardianAgreedTo() {
    String subject = server.registered(child());
    assertThat(server.read(server.backend, subject, "authentication", "contact.email").status())
        .isEqualTo(200);
    assertRefused(
        server.read(server.support, subject, "customer-service", "contact.email"),
        "VI.1",
        "guardian-missing");
  }

  private ObjectNode child() {
    ObjectNode registration = server.registration().put("birthDate", yearsAgo(16));
    registration
        .putArray("consents")
        .add(
            Json.tree(
                Map.of(
                    "purpose", "authentication",
                    "decision", "granted",
                    "product", "meeting",
                    "by", "guardian",
                    "evidence", Json.ours(TestServer.evidence().getBytes(UTF_8)))));
    return registration;
  }

  private String yearsAgo(int years) {
    return LocalDate.ofInstant(server.clock.instant(), ZoneOffset.UTC)
        .minusYears(years)
        .minusDays(40)
        .toString();
  }

  @Test
  @Clause("VI.1")
  void someoneOfUnknownAgeIsTreatedAsThePolicySays() {
    // The reference policy treats them as grown-up.
    String subject = server.registered(server.registration());
    assertThat(server.get(server.backend, "/v1/subjects/" + subject).text("/age"))
        .isEqualTo("unknown");
    assertThat(server.read(server.support, subject, "customer-service", "contact.email").status())
        .isEqualTo(200);
  }

  @Test
  @Clause("0.1")
  void someoneWhoHasNotAcceptedIsSignedInAndNothingElse() {
    ObjectNode registration = server.registration().put("birthDate", "1990-01-01");
    registration.remove("accepted");
    String subject = server.registered(registration);
    assertThat(server.read(server.backend, subject, "authentication", "contact.email").status())
        .isEqualTo(200);
    assertRefused(
        server.read(server.support, subject, "customer-service", "contact.email"),
        "0.1",
        "not-accepted");
  }

  @Test
  @Clause("II.II.6")
  void consentByAnActThatIsNotAffirmativeIsRefused() {
    Answered answered =
        server.change(
            server.backend,
            "/v1/subjects/" + server.adult() + "/consents",
            """
            {"purpose":"promotion","decision":"granted","product":"meeting","channel":"email","by":"self",
             "evidence":{"act":"went-on-using","notice":"x","language":"en","at":"2026-01-01T00:00:00Z"}}
            """);
    assertRefused(answered, "II.II.6", "not-affirmative");
  }

  @Test
  @Clause("I.3")
  void locationWithoutItsConditionsIsRefused() {
    String position =
        """
        {"location.position":[{"observedAt":"2026-01-01T00:00:00Z",
          "value":{"latitude":39.9,"longitude":116.4}}]}
        """;
    String subject = server.adult();
    consent(subject, "location-service", "ordinary");
    consent(subject, "location-service", "sensitive");
    assertRefused(server.collect(subject, "product-use", "", position), "I.3", "condition-missing");
    assertRefused(
        server.collect(subject, "product-use", "\"device-location-on\"", position),
        "I.3",
        "condition-missing");
    Answered answered =
        server.collect(
            subject, "product-use", "\"device-location-on\",\"location-service-in-use\"", position);
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }

  private void consent(String subject, String purpose, String coverage) {
    Answered answered =
        server.change(
            server.backend,
            "/v1/subjects/" + subject + "/consents",
            """
            {"purpose":"%s","decision":"granted","product":"meeting","coverage":"%s","by":"self",
             "evidence":%s}
            """
                .formatted(purpose, coverage, TestServer.evidence()));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }

  @Test
  @Clause("II.II.3")
  void erasedPersonCannotBeToldFromAnUnknownOne() {
    String erased = server.adult();
    Answered erasure =
        server.change(
            server.backend, "DELETE", "/v1/subjects/" + erased, TestServer.name("key"), "");
    assertThat(erasure.status()).as(erasure.body()).isEqualTo(200);
    String unknown = "01a20422-a5f1-75b8-873e-b00f34390b38";
    String reading = TestServer.reading("customer-service", "contact.email");
    for (String path : List.of("/read", "/consents", "/history", "", "/malformed")) {
      Answered one = ask(path, erased, reading);
      Answered other = ask(path, unknown, reading);
      assertThat(one.status()).isEqualTo(404);
      assertThat(one.body()).isEqualTo(other.body());
      assertThat(one.response().headers().map().keySet())
          .isEqualTo(other.response().headers().map().keySet());
    }
    assertThat(ask("/read", "not-an-id", reading).body())
        .isEqualTo(ask("/read", unknown, reading).body());
  }

  private Answered ask(String path, String subject, String reading) {
    String address = "/v1/subjects/" + subject + path;
    return path.equals("/read")
        ? server.post(server.backend, address, reading)
        : server.get(server.backend, address);
  }

  // ---------------------------------------------------------------- addresses

  @ParameterizedTest
  @ValueSource(strings = {"/v1/xxxxxxxxxxxxxxxxxxxx", "/v1/subjects/x/", "/docs/", "/V1/policy"})
  void unknownAddressIsAProblemLikeAnyOther(String path) {
    assertProblem(server.get(server.backend, path), 404, "not-found");
  }

  @Test
  void methodTheAddressDoesNotTakeIsRefused() {
    Answered answered = server.send(server.authorised(server.backend, "/v1/audience").DELETE());
    assertProblem(answered, 405, "method-not-allowed");
    assertThat(answered.header("Allow")).isEqualTo("GET");
  }

  @Test
  void parametersTheCallDoesNotTakeAreRefused() {
    assertProblem(
        server.get(server.backend, "/v1/audience?purpose=promotion&product=meeting&x=1"),
        400,
        "bad-request");
    assertProblem(server.get(server.backend, "/v1/audience?product=meeting"), 400, "bad-request");
    assertProblem(
        server.get(server.backend, "/v1/subjects/" + server.adult() + "/history?cursor=@@"),
        400,
        "bad-request");
  }

  @Test
  void sentencesComeInTheLanguageAskedFor() {
    Answered answered =
        server.send(
            server
                .authorised(server.support, "/v1/subjects/" + server.adult() + "/read")
                .header("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
                .POST(BodyPublishers.ofString(TestServer.reading("settings", "device.model"))));
    assertThat(answered.header("Content-Language")).isEqualTo("zh");
    assertThat(answered.text("/detail")).isEqualTo("您的角色均无需使用这些信息。");
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (String path :
        List.of("/", "/docs", "/openapi", "/metrics", "/nowhere", "/v1/subjects/x")) {
      Answered answered = server.send(server.request(path));
      assertThat(answered.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
      assertThat(answered.header("Content-Security-Policy"))
          .as(path)
          .contains("default-src 'none'");
      assertThat(answered.header("Content-Security-Policy")).as(path).doesNotContain("unsafe");
      assertThat(answered.header("X-Frame-Options")).as(path).isEqualTo("DENY");
      assertThat(answered.header("Cache-Control")).as(path).isEqualTo("no-store");
    }
  }
}
