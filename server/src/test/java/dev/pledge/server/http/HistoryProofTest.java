package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.log.ByteString;
import dev.pledge.log.Entry;
import dev.pledge.log.Hash;
import dev.pledge.log.Quorum;
import dev.pledge.log.StatementVerifier;
import dev.pledge.log.StatementVerifier.Listed;
import dev.pledge.log.StatementVerifier.Outcome;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All entries about a person over HTTP, verified with nothing but the verifier key at hand. */
@Clause("V.1")
class HistoryProofTest {
  private final TestServer server = TestServer.shared();

  private static String path(String subject, String query) {
    return "/v1/subjects/" + subject + "/history/proof" + query;
  }

  private List<JsonNode> proven(String subject) {
    Answered answered = server.get(server.backend, path(subject, ""));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    assertThat(answered.header("Content-Type")).isEqualTo("application/x-ndjson");
    return answered.lines();
  }

  private Outcome verified(List<JsonNode> lines) {
    String key = server.get("", "/v1/audit/pledge/key").body();
    StatementVerifier verifier =
        new StatementVerifier(List.of(VerifierKey.parse(key.strip())), Quorum.NONE);
    verifier.begin(
        "begin",
        lines.getFirst().path("checkpoint").asText().getBytes(UTF_8),
        bytes(lines.getFirst(), "markKey"));
    for (JsonNode line : entries(lines)) {
      List<Hash> proof = new ArrayList<>();
      line.path("proof").forEach(hash -> proof.add(new Hash(ByteString.ofHex(hash.asText()))));
      verifier.entry(
          "entry",
          new Listed(
              line.path("position").longValue(),
              bytes(line, "entry"),
              proof,
              line.path("checkable").booleanValue()));
    }
    verifier.end(
        "end",
        lines.getLast().path("count").asLong(),
        lines.getLast().path("statement").asText().getBytes(UTF_8));
    return verifier.outcome("list");
  }

  private static List<JsonNode> entries(List<JsonNode> lines) {
    return lines.subList(1, lines.size() - 1);
  }

  private static List<String> ids(List<JsonNode> lines) {
    return entries(lines).stream()
        .map(line -> Entry.decode(bytes(line, "entry")).id().toString())
        .toList();
  }

  private static byte[] bytes(JsonNode line, String member) {
    return Base64.getDecoder().decode(line.path(member).asText());
  }

  /** The ids of all entries in the person's history, once each has its place. */
  private List<String> history(String subject) {
    String path = "/v1/subjects/" + subject + "/history?limit=200";
    List<String> ids = new ArrayList<>();
    server
        .get(server.backend, path)
        .json()
        .path("items")
        .forEach(item -> ids.add(item.path("entry").asText()));
    return ids;
  }

  @Test
  @Clause("IV.2")
  void everyEntryOfTheHistoryIsThereAndVerifies() {
    String subject = server.adult();
    server.read(server.support, subject, "customer-service", "contact.email");
    List<String> told = history(subject);
    TestServer.await("a checkpoint over them", () -> ids(proven(subject)).containsAll(told));
    List<JsonNode> lines = proven(subject);
    Outcome outcome = verified(lines);
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.listed()).isEqualTo(entries(lines).size());
    assertThat(outcome.unchecked()).isZero();
    assertThat(lines.getLast().path("end").asBoolean()).isTrue();
    assertThat(lines.getLast().path("count").asInt()).isEqualTo(entries(lines).size());
    assertThat(history(subject)).containsAll(ids(lines));
  }

  @Test
  void aLookIsOnTheLogAsALookAtTheHistory() {
    String subject = server.adult();
    JsonNode receipt = proven(subject).getLast().path("receipt");
    JsonNode newest =
        server
            .get(server.backend, "/v1/subjects/" + subject + "/history?limit=2")
            .json()
            .at("/items/1");
    assertThat(newest.path("entry")).isEqualTo(receipt.path("entry"));
    assertThat(newest.path("act").asText()).isEqualTo("history");
  }

  @Test
  void somebodyElsesTokenIsGivenNothing() {
    String subject = server.adult();
    String other = server.token(Asker.Kind.SERVICE, List.of("product-backend"), Scope.SUBJECTS);
    for (String token : List.of(server.support, other)) {
      Answered answered = server.get(token, path(subject, ""));
      assertThat(answered.status()).isEqualTo(403);
      assertThat(answered.body()).doesNotContain("markKey", "checkpoint");
    }
    assertThat(server.get("", path(subject, "")).status()).isEqualTo(401);
  }

  @Test
  @Clause("II.II.3")
  void theErasedAreAsThoseWhoNeverWere() {
    String subject = server.adult();
    server.change(server.backend, "DELETE", "/v1/subjects/" + subject, TestServer.name("key"), "");
    for (String id : List.of(subject, "01a20422-a5f1-75b8-873e-b00f34390b38")) {
      Answered answered = server.get(server.backend, path(id, ""));
      assertThat(answered.status()).isEqualTo(404);
      assertThat(answered.body()).doesNotContain("markKey");
    }
  }

  @Test
  void thereIsOneLog() {
    String subject = server.adult();
    assertThat(server.get(server.backend, path(subject, "?log=pledge")).status()).isEqualTo(200);
    assertThat(server.get(server.backend, path(subject, "?log=other")).status()).isEqualTo(404);
    assertThat(server.get(server.backend, path(subject, "?from=2026-01-01T00:00:00Z")).status())
        .isEqualTo(400);
  }

  @Test
  @Clause("II.I.7")
  void anInvestigationIsNotListedWhileItIsQuietAndNothingTellsOfIt() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    String officer = server.token(Asker.Kind.STAFF, List.of("privacy-officer"));
    String legalId = TestServer.name("legal");
    server.token(legalId, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1));
    ObjectNode asked = Json.object();
    asked.put("purpose", "public-security").put("product", "meeting").put("reference", "(2026) 12");
    asked.putArray("fields").add("identity.name");
    asked.put("for", legalId);
    String approvals = "/v1/subjects/" + subject + "/approvals";
    Answered approved = server.change(officer, approvals, asked.toString());
    assertThat(approved.status()).as(approved.body()).isEqualTo(201);
    String approval = approved.text("/receipt/entry");
    TestServer.await(
        "the approval's place",
        () -> server.get("", "/v1/audit/pledge/proof?entry=" + approval).status() == 200);
    List<JsonNode> during = proven(subject);
    assertThat(verified(during).findings()).isEmpty();
    assertThat(ids(during)).isNotEmpty().doesNotContain(approval);

    Answered revoked =
        server.change(
            officer,
            "DELETE",
            approvals + "?approval=" + approved.text("/approval"),
            TestServer.name("key"),
            "");
    assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);
    List<JsonNode> after = proven(subject);
    assertThat(verified(after).findings()).isEmpty();
    assertThat(ids(after)).containsAll(ids(during)).doesNotContain(approval);
  }
}
