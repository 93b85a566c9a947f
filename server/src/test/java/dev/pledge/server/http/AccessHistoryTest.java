package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The access history, as callers ask for parts of it and for all of it. */
@Clause("V.1")
class AccessHistoryTest {
  private final TestServer server = TestServer.shared();
  private final String agentId = TestServer.name("agent");
  private final String agent =
      server.token(agentId, Asker.Kind.STAFF, List.of("support-agent"), Duration.ofDays(1));

  private static String path(String subject, String more) {
    return "/v1/subjects/" + subject + "/history" + more;
  }

  /** All that the query, which begins with an ampersand, asks for. */
  private List<JsonNode> items(String subject, String query) {
    Answered answered = server.get(server.backend, path(subject, "?limit=200" + query));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    assertThat(answered.json().has("next")).isFalse();
    List<JsonNode> items = new ArrayList<>();
    answered.json().path("items").forEach(items::add);
    return items;
  }

  private static List<String> texts(List<JsonNode> items, String member) {
    return items.stream().map(item -> item.path(member).asText()).toList();
  }

  /** Registered, read twice, refused once. */
  private String known() {
    String subject = server.adult();
    server.read(agent, subject, "customer-service", "contact.email");
    server.read(server.support, subject, "customer-service", "contact.email");
    server.read(agent, subject, "settings", "device.model");
    return subject;
  }

  @Test
  void whoWhyWhenAndByWhichRuleIsTold() {
    String subject = known();
    JsonNode refused = items(subject, "&outcome=refused").getFirst();
    assertThat(refused.path("actor").asText()).isEqualTo(agentId);
    assertThat(refused.path("purpose").asText()).isEqualTo("settings");
    assertThat(refused.path("clause").asText()).isEqualTo("IV.3");
    assertThat(refused.path("rule").asText()).isNotEmpty();
    assertThat(refused.path("policy").asText()).isEqualTo("emeet@2020-04-23");
    assertThat(Instant.parse(refused.path("at").asText())).isBefore(Instant.now());
    TestServer.await(
        "the entry's place", () -> items(subject, "&outcome=refused").getFirst().has("position"));
  }

  @Test
  void eachFilterLeavesOutWhatItShould() {
    String subject = known();
    assertThat(texts(items(subject, "&act=read"), "act")).containsExactly("read", "read", "read");
    assertThat(texts(items(subject, "&actor=" + agentId), "outcome"))
        .containsExactly("refused", "permitted");
    assertThat(texts(items(subject, "&purpose=customer-service&act=read"), "outcome"))
        .containsExactly("permitted", "permitted");
    assertThat(items(subject, "&outcome=refused&purpose=customer-service")).isEmpty();
    assertThat(items(subject, "&purpose=no-such-purpose")).isEmpty();
    // Times are whole seconds, and the three may be of one.
    String last = items(subject, "&act=read").getFirst().path("at").asText();
    int since = items(subject, "&act=read&from=" + last).size();
    assertThat(since).isBetween(1, 3);
    assertThat(items(subject, "&act=read&to=" + last)).hasSize(3 - since);
    String after = Instant.parse(last).plusSeconds(1).toString();
    assertThat(items(subject, "&act=read&from=" + after)).isEmpty();
    assertThat(items(subject, "&act=read&to=" + after)).hasSize(3);
    assertThat(items(subject, "&act=read&from=2100-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void filteredPagesGoOnWhereTheyEnded() {
    String subject = server.adult();
    for (int i = 0; i < 5; i++) {
      server.read(agent, subject, "customer-service", "contact.email");
      server.read(agent, subject, "settings", "device.model");
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Answered page =
          server.get(server.backend, path(subject, "?outcome=refused&limit=2" + cursor));
      page.json().path("items").forEach(item -> seen.add(item.path("entry").asText()));
      assertThat(page.json().has("reached")).isEqualTo(page.json().has("next"));
      cursor = page.json().has("next") ? "&cursor=" + page.text("/next") : "";
    } while (!cursor.isEmpty());
    assertThat(seen)
        .doesNotHaveDuplicates()
        .isEqualTo(texts(items(subject, "&outcome=refused"), "entry"))
        .hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "from=1969-12-31T23:59:59Z",
        "to=%2B10000-01-01T00:00:00Z",
        "to=2026-01-01",
        "act=Read%20it",
        "act=nope",
        "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z",
        "outcome=granted",
        "outcome=refused&outcome=partly",
        "cursor=x",
        "since=2026-01-01T00:00:00Z"
      })
  void whatCanBeNoFilterIsSaidSo(String query) {
    String subject = server.adult();
    assertThat(server.get(server.backend, path(subject, "?" + query)).status()).isEqualTo(400);
    assertThat(server.get(server.backend, path(subject, "/export?" + query)).status())
        .isEqualTo(400);
  }

  @Test
  void theExportHasEveryEntryAndSaysWhenItIsWhole() {
    String subject = known();
    Answered exported = server.get(server.backend, path(subject, "/export"));
    assertThat(exported.status()).as(exported.body()).isEqualTo(200);
    assertThat(exported.header("Content-Type")).isEqualTo("application/x-ndjson");
    List<JsonNode> lines = exported.lines();
    List<JsonNode> entries = lines.subList(0, lines.size() - 1);
    assertThat(texts(entries, "act")).startsWith("history", "read", "read", "read");
    assertThat(entries.getFirst().path("entry")).isEqualTo(lines.getLast().at("/receipt/entry"));
    assertThat(lines.getLast().path("end").asBoolean()).isTrue();
    assertThat(lines.getLast().path("count").asInt()).isEqualTo(entries.size());
    List<JsonNode> later = items(subject, "");
    assertThat(texts(later.subList(1, later.size()), "entry")).isEqualTo(texts(entries, "entry"));
    List<JsonNode> refused =
        server.get(server.backend, path(subject, "/export?outcome=refused")).lines();
    assertThat(refused).hasSize(2);
    assertThat(refused.getLast().path("count").asInt()).isEqualTo(1);
  }

  @Test
  void theExportIsForWhoMayAndOfWhoIsThere() {
    String subject = known();
    assertThat(server.get(agent, path(subject, "/export")).status()).isEqualTo(403);
    assertThat(
            server
                .get(server.backend, path("01a20422-a5f1-75b8-873e-b00f34390b38", "/export"))
                .status())
        .isEqualTo(404);
    server.change(server.backend, "DELETE", "/v1/subjects/" + subject, TestServer.name("key"), "");
    assertThat(server.get(server.backend, path(subject, "/export")).status()).isEqualTo(404);
  }

  @Test
  @Clause("II.I.7")
  void anInvestigationUnderWayIsInNoFilterNoExportAndNoCount() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    String legalId = TestServer.name("legal");
    String legal = server.token(legalId, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1));
    String officer = server.token(Asker.Kind.STAFF, List.of("privacy-officer"));
    ObjectNode approval = Json.object();
    approval
        .put("purpose", "public-security")
        .put("product", "meeting")
        .put("reference", "(2026) 12");
    approval.putArray("fields").add("identity.name");
    approval.put("for", legalId);
    Answered approved =
        server.change(officer, "/v1/subjects/" + subject + "/approvals", approval.toString());
    assertThat(approved.status()).as(approved.body()).isEqualTo(201);
    String id = approved.text("/approval");
    Answered read =
        server.post(
            legal,
            "/v1/subjects/" + subject + "/read",
            """
            {"purpose":"public-security","product":"meeting","fields":["identity.name"],
             "justification":"order 12","order":{"approval":"%s"}}
            """
                .formatted(id));
    assertThat(read.status()).as(read.body()).isEqualTo(200);
    for (String query : List.of("purpose=public-security", "actor=" + legalId, "act=approve")) {
      assertThat(items(subject, "&" + query)).as(query).isEmpty();
      List<JsonNode> lines = server.get(server.backend, path(subject, "/export?" + query)).lines();
      assertThat(lines).as(query).hasSize(1);
      assertThat(lines.getLast().path("count").asInt()).isZero();
    }
    String all = server.get(server.backend, path(subject, "/export")).body();
    assertThat(all).doesNotContain("public-security", legalId, id);
    Answered revoked =
        server.change(
            officer,
            "DELETE",
            "/v1/subjects/" + subject + "/approvals?approval=" + id,
            TestServer.name("key"),
            "");
    assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);
    assertThat(items(subject, "&purpose=public-security")).as("it ended just now").isEmpty();
    assertThat(server.get(server.backend, path(subject, "/export?actor=" + legalId)).lines())
        .hasSize(1);
  }
}
