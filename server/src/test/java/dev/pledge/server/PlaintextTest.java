package dev.pledge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Marked texts are sent to a server wherever a caller can put one, in calls that succeed, are
 * refused, are malformed and fail. Afterwards none is in a file of the data or of the keys, in what
 * the server logged, or in an answer that says no.
 */
@Clause("IV.2")
class PlaintextTest {
  private static final String LATIN = "Zqxjkvwpy";
  private static final String HAN = "龘靐齉齾爩";
  private static final String DIGITS = "13912345670";
  private static final String MEMBER = "Mqzvw member";
  private static final String FIELD = "Fjwqxfield";
  private static final String NAME = "Pqvxjname";
  private static final String REASON = "Jqwxzreason";
  private static final String NOTICE = "Qvjxnotice";
  private static final String HEADER = "Hqzvjheader";
  private static final String KEY = "Kqvwzkey";

  /**
   * Shaped like the names of a field and of a member: who sent one is told that this very one was
   * refused, and nobody else is.
   */
  private static final List<String> REPEATED = List.of("fjwqxs.shqzvk", "Wvqxjshaped");

  private static final List<String> NEVER_SAID =
      List.of(
          LATIN,
          LATIN.toLowerCase(Locale.ROOT),
          HAN,
          DIGITS,
          MEMBER,
          FIELD,
          NAME,
          REASON,
          NOTICE,
          HEADER,
          KEY);

  private static final String CONTROL = "Xylographicmark";

  private static final String EVIDENCE =
      "{\"act\":\"checked-box\",\"notice\":\"%s\",\"language\":\"en\",\"at\":\"2026-01-01T00:00:00Z\",\"detail\":\"%s\"}"
          .formatted(NOTICE, HAN + LATIN);

  @TempDir private Path home;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<HttpResponse<byte[]>> answers = new ArrayList<>();
  private String url = "";
  private String token = "";
  private int calls;

  @Test
  void plaintextIsNowhere() throws Exception {
    Path data = home.resolve("data");
    Path log = home.resolve("log");
    Path keys = home.resolve("keys");
    try (RunningServer server = RunningServer.start(data, keys, log)) {
      url = server.url();
      token = makeToken(data, keys);
      String person = registered();
      storeAndRead(person);
      sayNonsense(person);
      fail(data, person);
      owner(data, "create table scratch (mark text)");
      owner(data, "insert into scratch values ('" + CONTROL + "')");
      assertThat(server.stop()).isEqualTo(143);
    }
    // The server has stopped: what it held in memory is in its files, and so is its journal.
    assertThat(Marks.filesWith(data, CONTROL)).as("the positive control").isNotEmpty();
    assertThat(Files.readString(log)).as("what the server logged").contains("a call failed");
    for (String mark : NEVER_SAID) {
      assertThat(Marks.filesWith(home, mark)).as("files that hold `%s`", mark).isEmpty();
    }
    for (String mark : REPEATED) {
      assertThat(Marks.filesWith(home, mark)).as("files that hold `%s`", mark).isEmpty();
      assertThat(answers).anyMatch(answer -> Marks.holds(answer.body(), mark));
    }
    assertThat(Marks.filesWith(home, token.substring(7))).as("files that hold the token").isEmpty();
    assertThat(answers).hasSizeGreaterThan(100);
    for (HttpResponse<byte[]> answer : answers) {
      for (String mark : NEVER_SAID) {
        if (answer.statusCode() >= 400) {
          assertThat(Marks.holds(answer.body(), mark))
              .as("`%s` in %s", mark, text(answer))
              .isFalse();
        }
        assertThat(answer.headers().map().toString()).doesNotContain(mark);
      }
    }
  }

  @Test
  void theScanFindsEveryForm() throws IOException {
    byte[] mark = HAN.getBytes(UTF_8);
    for (int lead = 0; lead < 3; lead++) {
      byte[] bytes = new byte[lead + mark.length + 5];
      System.arraycopy(mark, 0, bytes, lead, mark.length);
      Files.writeString(
          home.resolve("base64-" + lead), "noise" + Base64.getEncoder().encodeToString(bytes));
    }
    Files.write(home.resolve("utf-16le"), ("x" + HAN).getBytes(StandardCharsets.UTF_16LE));
    Files.write(home.resolve("utf-16be"), ("x" + HAN).getBytes(StandardCharsets.UTF_16BE));
    Files.writeString(home.resolve("hex"), "\\x00" + HexFormat.of().formatHex(mark));
    Files.writeString(home.resolve("plain"), "..." + HAN);
    Files.writeString(home.resolve("none"), "nothing here");
    assertThat(Marks.filesWith(home, HAN)).hasSize(7);
    assertThat(Marks.holds(Files.readAllBytes(home.resolve("base64-1")), HAN)).isTrue();
    assertThat(Marks.holds(Files.readAllBytes(home.resolve("none")), HAN)).isFalse();
  }

  // ------------------------------------------------------------------------------ calls that do

  private String registered() throws Exception {
    HttpResponse<byte[]> answer =
        change(
            "POST",
            "/v1/subjects",
            """
            {"product":"meeting","birthDate":"1990-01-01","jurisdiction":"CN",
             "aliases":{"email":"%s@example.com","phone":"+86%s"},
             "accepted":{"policy":"emeet@2020-04-23","evidence":%s},
             "consents":[{"purpose":"recommendation","decision":"granted","product":"meeting",
                          "by":"self","evidence":%s}]}
            """
                .formatted(LATIN, DIGITS, EVIDENCE, EVIDENCE));
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(201);
    return mapper.readTree(answer.body()).path("subject").asText();
  }

  private void storeAndRead(String person) throws Exception {
    String path = "/v1/subjects/" + person;
    expect(
        200,
        change(
            "POST",
            path + "/data",
            """
            {"product":"meeting","source":"person","values":{
              "identity.name":"%s %s","identity.occupation":"%s","device.name":"%s",
              "%s %s":"x","%s":"x","log.access":[{"observedAt":"2026-01-01T00:00:00Z",
                "value":{"event":"open","attributes":{"who":"%s"}}}]}}
            """
                .formatted(HAN, LATIN, LATIN, HAN, FIELD, HAN, REPEATED.getFirst(), LATIN + HAN)));
    expect(
        200,
        change(
            "PATCH",
            path + "/data",
            "{\"product\":\"meeting\",\"values\":{\"identity.name\":\"%s\"}}".formatted(LATIN)));
    expect(
        200,
        post(
            path + "/read",
            """
            {"purpose":"customer-service","product":"meeting","justification":"%s %s",
             "fields":["identity.name","contact.phone","%s","%s!"]}
            """
                .formatted(REASON, HAN, REPEATED.getFirst(), FIELD)));
    expect(
        200,
        post(
            "/v1/subjects/lookup",
            """
            {"alias":{"email":"%s@EXAMPLE.com"},"purpose":"authentication","product":"meeting"}
            """
                .formatted(LATIN)));
    expect(200, get(path + "/history"));
    expect(200, change("DELETE", path + "/data?field=device.name", ""));
  }

  // ------------------------------------------------------------------------- calls that are wrong

  private void sayNonsense(String person) throws Exception {
    String path = "/v1/subjects/" + person;
    for (String field :
        List.of(
            "identity.name",
            "identity.gender",
            "identity.age",
            "identity.birth-date",
            "identity.id-number",
            "identity.postal-address",
            "payment.bank-card",
            "contact.email",
            "contact.phone",
            "device.id",
            "device.language",
            "location.position",
            "log.access")) {
      for (String value :
          List.of(
              "\"%s*\"",
              "[\"%s*\"]",
              "{\"%s\":1}",
              "[{\"observedAt\":\"%s\",\"value\":1}]",
              "[{\"observedAt\":\"2026-01-01T00:00:00Z\",\"value\":{\"event\":\"a %s\"}}]")) {
        String values = "{\"" + field + "\":" + value.formatted(LATIN + HAN) + "}";
        change("POST", path + "/data", collecting(values));
      }
    }
    List<String> wrong =
        List.of(
            collecting("{\"%s !\":\"%s\"}".formatted(FIELD, LATIN)),
            collecting("{\"%s\":\"%s\"}".formatted(HAN, LATIN)),
            "{\"product\":\"%s!\",\"source\":\"person\",\"values\":{\"identity.name\":\"x\"}}"
                .formatted(NAME),
            "{\"product\":\"meeting\",\"source\":\"%s!\",\"values\":{\"identity.name\":\"x\"}}"
                .formatted(NAME),
            "{\"product\":\"meeting\",\"source\":\"person\",\"conditions\":[\"%s!\"],\"values\":{\"%s\":\"x\"}}"
                .formatted(NAME, FIELD + " x"),
            "{\"%s\":1,\"product\":\"meeting\"}".formatted(MEMBER),
            "{\"%s\":1,\"product\":\"meeting\"}".formatted(REPEATED.getLast()),
            "{\"%s %s\":{\"%s\":[]}}".formatted(MEMBER, HAN, MEMBER),
            "{\"product\":\"%s".formatted(LATIN),
            "{\"product\":%s}".formatted(LATIN),
            LATIN + HAN);
    for (String body : wrong) {
      change("POST", path + "/data", body);
      change("PATCH", path + "/data", body);
      change("POST", path + "/consents", body);
      change("POST", path + "/acceptance", body);
      change("POST", path + "/products", body);
      change("POST", path + "/close", body);
      change("POST", path + "/jurisdiction", body);
      change("POST", "/v1/subjects", body);
      post(path + "/read", body);
      post("/v1/read", body);
      post("/v1/subjects/lookup", body);
    }
    change("DELETE", path + "/data?field=" + encoded(FIELD + " " + HAN), "");
    change("DELETE", path + "/data?field=" + REPEATED.getFirst(), "");
    change("DELETE", path + "/data?" + encoded(MEMBER) + "=" + LATIN, "");
    change(
        "POST",
        "/v1/subjects",
        "{\"product\":\"meeting\",\"aliases\":{\"email\":\"%s\",\"%s\":\"%s\",\"phone\":\"+86 %s 1\"}}"
            .formatted(LATIN, MEMBER, HAN, DIGITS));
    change(
        "POST",
        path + "/consents",
        "{\"purpose\":\"%s!\",\"decision\":\"%s\",\"by\":\"%s\",\"channel\":\"%s!\",\"evidence\":%s}"
            .formatted(NAME, LATIN, LATIN, NAME, EVIDENCE));
    change(
        "POST",
        path + "/consents",
        "{\"purpose\":\"%s!\",\"decision\":\"granted\",\"by\":\"self\",\"product\":\"%s!\",\"channel\":\"%s!\",\"evidence\":%s}"
            .formatted(NAME, NAME, NAME, EVIDENCE));
    change(
        "POST",
        path + "/acceptance",
        "{\"policy\":\"%s\",\"evidence\":{\"act\":\"%s\"}}".formatted(LATIN, NOTICE));
    post(
        path + "/read",
        """
        {"purpose":"%s!","product":"%s!","channel":"%s!","justification":"%s","fields":["%s ?"],
         "reveal":["%s ?"],"order":{"approval":"%s"}}
        """
            .formatted(NAME, NAME, NAME, REASON, FIELD, FIELD, REASON));
    change(
        "POST",
        path + "/approvals",
        """
        {"for":"clerk","purpose":"%s!","product":"%s!","reference":"%s","fields":["%s ?"],
         "until":"2036-01-01T00:00:00Z"}
        """
            .formatted(NAME, NAME, REASON, FIELD));
    change(
        "POST",
        path + "/reviews",
        "{\"review\":\"%s\",\"finding\":\"%s!\",\"note\":\"%s\"}".formatted(person, NAME, REASON));
    post(
        "/v1/subjects/lookup",
        "{\"alias\":{\"email\":\"%s\"},\"purpose\":\"%s!\",\"product\":\"%s!\"}"
            .formatted(LATIN, NAME, NAME));
    get("/v1/audience?product=" + NAME + "&purpose=" + NAME + "&channel=" + NAME);
    get(path + "/history?cursor=" + LATIN);
    get("/v1/subjects/" + LATIN);
    get("/" + LATIN);
    send(
        request(path + "/data")
            .header("Idempotency-Key", KEY + " " + KEY)
            .POST(BodyPublishers.ofString(collecting("{}"))));
    send(request(path).setHeader("Authorization", "Bearer pledge_" + HEADER).GET());
    send(
        request(path + "/read")
            .setHeader("Content-Type", "text/" + HEADER)
            .header("Accept-Language", HEADER)
            .POST(BodyPublishers.ofString(LATIN)));
  }

  // --------------------------------------------------------------------------- calls that break

  /** Statements fail while they carry sealed values. */
  private void fail(Path data, String person) throws Exception {
    owner(data, "alter table datum add constraint none check (version < 0) not valid");
    expect(
        500,
        change(
            "POST",
            "/v1/subjects/" + person + "/data",
            collecting("{\"identity.name\":\"%s %s\"}".formatted(LATIN, HAN))));
  }

  private static void owner(Path data, String sql) throws SQLException {
    try (Connection owner = EmbeddedPostgres.attach(data).owner().getConnection();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  // -------------------------------------------------------------------------------------- calling

  private static String makeToken(Path data, Path keys) {
    StringWriter out = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    List<String> words =
        new ArrayList<>(List.of("token", "create", "--actor", "sender", "--kind", "service"));
    words.addAll(List.of("--role", "product-backend", "--product", "meeting"));
    words.addAll(List.of("--policy", Path.of("..", "policies", "emeet").toString()));
    words.addAll(List.of("--data", data.toString(), "--keys", keys.toString()));
    for (String scope : List.of("subjects", "rights", "lookup", "consents", "bulk")) {
      words.addAll(List.of("--scope", scope));
    }
    assertThat(line.execute(words.toArray(String[]::new))).isZero();
    return out.toString().strip();
  }

  private static String collecting(String values) {
    return "{\"product\":\"meeting\",\"source\":\"person\",\"values\":" + values + "}";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static void expect(int status, HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private HttpResponse<byte[]> change(String method, String path, String body) throws Exception {
    return send(
        request(path)
            .header("Idempotency-Key", KEY + "-" + calls++)
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpResponse<byte[]> post(String path, String body) throws Exception {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    answers.add(answer);
    return answer;
  }
}
