package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.server.Placed;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages to people, as who looks after the server sees them. */
class MessagesTest {
  private static final Set<String> TOLD =
      Set.of("message", "template", "language", "state", "attempts", "failure", "since");

  private final TestServer server = TestServer.shared();
  private final String subject = server.adult();
  private final Set<String> failed = new HashSet<>();

  private String token(Scope... scopes) {
    return server.token(
        TestServer.name("auditor"), Asker.Kind.AUDITOR, List.of(), Duration.ofDays(1), scopes);
  }

  @BeforeEach
  void threeHaveFailedAndOneIsDelivered() {
    put("sign-in-code", "failed", "too-late");
    put("request-decided", "failed", "not-taken");
    put("new-version", "failed", "account-closed");
    put("signed-in", "delivered", null);
  }

  private void put(String template, String state, String failure) {
    UUID id = UUID.randomUUID();
    if (failure != null) {
      failed.add(id.toString());
    }
    Database.over(server.postgres.connections().owner())
        .read(
            handle ->
                handle
                    .createUpdate(
                        """
                        insert into message (subject_id, message_id, template, language, state,
                                             attempts, next_try, failure, day, settled_on)
                        values (:subject, :id, :template, 'zh', :state, 1, now(), :failure,
                                current_date, current_date)
                        """)
                    .bind("subject", UUID.fromString(subject))
                    .bind("id", id)
                    .bind("template", template)
                    .bind("state", state)
                    .bind("failure", failure)
                    .execute());
  }

  @Test
  void theyAreListedByStateAndPagesAndNotToWhom() {
    String token = token(Scope.LOG);
    Set<String> seen = new HashSet<>();
    String path = "/v1/messages?state=failed&limit=1";
    String next = "";
    do {
      Answered page = server.get(token, path + (next.isEmpty() ? "" : "&cursor=" + next));
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (JsonNode item : page.json().path("items")) {
        seen.add(item.path("message").asText());
        assertThat(item.path("state").asText()).isEqualTo("failed");
        item.fieldNames().forEachRemaining(name -> assertThat(TOLD).contains(name));
      }
      assertThat(page.body()).doesNotContain(subject);
      assertThat(page.text("/receipt/entry")).isNotEmpty();
      next = page.json().path("next").asText();
    } while (!next.isEmpty());
    assertThat(seen).containsAll(failed);

    Answered all = server.get(token, "/v1/messages?limit=200");
    assertThat(all.body()).contains("\"state\":\"delivered\"", "\"state\":\"failed\"");
    assertThat(server.get(token, "/v1/messages?state=delivered").body())
        .contains("signed-in")
        .doesNotContain("failed");
  }

  @Test
  void whatIsAskedWrongIsRefused() {
    String token = token(Scope.LOG);
    assertThat(server.get(token, "/v1/messages?state=lost").status()).isEqualTo(400);
    assertThat(server.get(token, "/v1/messages?cursor=x").status()).isEqualTo(400);
    assertThat(server.get(token, "/v1/messages?limit=201").status()).isEqualTo(400);
    assertThat(server.get(token(Scope.RIGHTS), "/v1/messages").status()).isEqualTo(403);
  }

  @Test
  @Clause("IV.3")
  void whoAskedIsOnTheLog() {
    String auditor = TestServer.name("auditor");
    NewActor actor =
        new NewActor(
            new ActorId(auditor),
            Asker.Kind.AUDITOR,
            Set.of(),
            Set.of(new ProductId("general")),
            Set.of(Scope.LOG),
            Set.of());
    String token =
        server
            .pledge
            .actors()
            .create(
                actor,
                Duration.ofDays(1),
                dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test"))
            .secret();
    assertThat(server.get(token, "/v1/messages").status()).isEqualTo(200);
    Placed.await(server.postgres.connections());
    String query = Json.object().put("actor", auditor).put("act", "messages").toString();
    Answered found = server.post(token, "/v1/audit/pledge/search", query);
    assertThat(found.status()).as(found.body()).isEqualTo(200);
    assertThat(found.json().path("items")).hasSize(1);
    assertThat(found.text("/items/0/actor")).isEqualTo(auditor);
  }
}
