package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages that wait for recipients, and marks of objections, as callers see them. */
class OutboxTest {
  private final TestServer server = TestServer.shared();

  private String token(Scope... scopes) {
    return server.token(
        TestServer.name("auditor"), Asker.Kind.AUDITOR, List.of(), Duration.ofDays(1), scopes);
  }

  private Answered erase(String subject, String query) {
    return server.change(
        server.backend, "DELETE", "/v1/subjects/" + subject + query, TestServer.name("key"), "");
  }

  private void objectTo(String subject, String purpose) {
    Answered answered =
        server.change(
            server.backend,
            "/v1/subjects/" + subject + "/consents",
            "{\"purpose\":\"%s\",\"decision\":\"withdrawn\",\"by\":\"self\",\"evidence\":%s}"
                .formatted(purpose, TestServer.evidence()));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }

  @Test
  @Clause({"V.1", "III.I.1"})
  void whatWaitsIsListedByPagesToWhoeverMaySearchTheLog() {
    assertThat(erase(server.adult(), "").status()).isEqualTo(200);
    assertThat(erase(server.adult(), "").status()).isEqualTo(200);
    String token = token(Scope.LOG);
    Set<String> seen = new HashSet<>();
    String path = "/v1/outbox?limit=1";
    String next = "";
    do {
      Answered page = server.get(token, path + (next.isEmpty() ? "" : "&cursor=" + next));
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (JsonNode item : page.json().path("items")) {
        seen.add(item.path("message").asText());
        assertThat(item.path("state").asText()).isEqualTo("waiting");
        assertThat(item.path("fields")).isNotEmpty();
      }
      assertThat(page.text("/receipt/entry")).isNotEmpty();
      next = page.json().path("next").asText();
    } while (!next.isEmpty());
    assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
    assertThat(server.get(token, "/v1/outbox?cursor=x").status()).isEqualTo(400);
    assertThat(server.get(token(Scope.ALARMS), "/v1/outbox").status()).isEqualTo(403);
  }

  @Test
  @Clause({"V.1", "V.2"})
  void theCertificateTellsOfMarksUnlessThePersonWantsNone() {
    String subject = server.adult();
    objectTo(subject, "promotion");
    Answered marked = erase(subject, "");
    assertThat(marked.text("/signed")).contains("\nmark left against promotion\n");
    String other = server.adult();
    objectTo(other, "promotion");
    assertThat(erase(other, "?mark=some").status()).isEqualTo(400);
    Answered unmarked = erase(other, "?mark=none");
    assertThat(unmarked.status()).as(unmarked.body()).isEqualTo(200);
    assertThat(unmarked.text("/signed")).doesNotContain("mark left");
  }

  @Test
  @Clause("I.0")
  void aListIsTakenFromSourcesOfThePolicyAlone() {
    ObjectNode registration = server.registration().put("source", "some-list");
    Answered answered = server.change(server.backend, "/v1/subjects", registration.toString());
    assertThat(answered.status()).as(answered.body()).isEqualTo(403);
    ObjectNode themself = server.registration().put("source", "person");
    assertThat(server.change(server.backend, "/v1/subjects", themself.toString()).status())
        .isEqualTo(201);
  }
}
