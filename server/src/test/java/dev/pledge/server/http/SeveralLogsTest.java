package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two logs over HTTP: whoever has a receipt finds the log that promised it. */
@Clause({"IV.2", "V.1"})
class SeveralLogsTest {
  private static final TestServer SERVER = TestServer.withLogs(2);
  private static final String VERIFY =
      """
      (async () => {
        document.querySelector('form').requestSubmit();
        const isRunning = () => document.querySelector('form button').disabled;
        while (isRunning()) await new Promise(done => setTimeout(done, 5));
        return [...document.querySelectorAll('.steps li')].map(step => step.dataset.state).join(' ');
      })()
      """;

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /** What each log is called in paths, by its name to the world. */
  private static Map<String, String> names() {
    Map<String, String> names = new HashMap<>();
    JsonNode list = SERVER.get("", "/v1/audit").json();
    for (JsonNode log : list.path("items")) {
      names.put(log.path("origin").asText(), log.path("name").asText());
    }
    return names;
  }

  private static List<JsonNode> receipts(String subject, int count) {
    List<JsonNode> receipts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receipts.add(
          SERVER
              .read(SERVER.support, subject, "customer-service", "contact.email")
              .json()
              .path("receipt"));
    }
    return receipts;
  }

  private static String proof(JsonNode receipt) {
    String log = names().get(receipt.path("log").asText());
    return "/v1/audit/" + log + "/proof?entry=" + receipt.path("entry").asText();
  }

  private static void awaitCovered(List<JsonNode> receipts) throws Exception {
    for (JsonNode receipt : receipts) {
      TestServer.await("the log to cover it", () -> SERVER.get("", proof(receipt)).status() == 200);
    }
  }

  @Test
  void theLogsAreListedAndAReceiptLeadsToItsOwn() throws Exception {
    assertThat(names().values()).containsExactlyInAnyOrder("pledge", "pledge-2");
    List<JsonNode> receipts = receipts(SERVER.adult(), 4);
    Set<String> logs = new HashSet<>();
    receipts.forEach(receipt -> logs.add(receipt.path("log").asText()));
    assertThat(logs).isEqualTo(names().keySet());
    awaitCovered(receipts);
    for (JsonNode log : SERVER.get("", "/v1/audit").json().path("items")) {
      String path = "/v1/audit/" + log.path("name").asText();
      String key = log.path("keys").get(0).asText();
      assertThat(new String(SERVER.get("", path + "/key").response().body(), UTF_8))
          .isEqualTo(key + "\n");
      byte[] note = SERVER.get("", path + "/checkpoint").response().body();
      Checkpoint checkpoint =
          Checkpoint.parse(SignedNote.open(note, List.of(VerifierKey.parse(key))).text());
      assertThat(checkpoint.origin()).isEqualTo(log.path("origin").asText());
      assertThat(log.path("size").asLong()).isBetween(1L, checkpoint.size());
      assertThat(SERVER.get("", path + "/anchors").status()).isEqualTo(200);
    }
    String other = proof(receipts.getFirst());
    String wrong =
        other.contains("pledge-2/")
            ? other.replace("pledge-2/", "pledge/")
            : other.replace("pledge/", "pledge-2/");
    assertThat(SERVER.get("", wrong).status()).isEqualTo(404);
    assertThat(SERVER.get("", "/v1/audit/pledge-3/key").status()).isEqualTo(404);
    assertThat(SERVER.get("", "/v1/audit?log=pledge").status()).isEqualTo(400);
  }

  @Test
  void historyAndSearchNameTheLogAsReceiptsDo() throws Exception {
    String subject = SERVER.adult();
    List<JsonNode> receipts = receipts(subject, 4);
    Map<String, String> logs = new HashMap<>();
    receipts.forEach(each -> logs.put(each.path("entry").asText(), each.path("log").asText()));
    awaitCovered(receipts);
    Map<String, String> told = new HashMap<>();
    for (JsonNode item :
        SERVER.get(SERVER.backend, "/v1/subjects/" + subject + "/history").json().path("items")) {
      told.put(item.path("entry").asText(), item.path("log").asText());
    }
    assertThat(told).containsAllEntriesOf(logs);
    String auditor = SERVER.token(Asker.Kind.AUDITOR, List.of(), Scope.LOG);
    Map<String, String> found = new HashMap<>();
    for (String name : names().values()) {
      JsonNode page =
          SERVER.post(auditor, "/v1/audit/" + name + "/search", "{\"act\":\"read\"}").json();
      for (JsonNode item : page.path("items")) {
        found.put(item.path("entry").asText(), item.path("log").asText());
      }
    }
    assertThat(found).containsAllEntriesOf(logs);
  }

  @Test
  void thePageAsksTheLogThatGaveTheReceipt() throws Exception {
    List<JsonNode> receipts = receipts(SERVER.adult(), 2);
    awaitCovered(receipts);
    try (Browser browser = Browser.open()) {
      for (JsonNode receipt : receipts) {
        browser.visit("http://127.0.0.1:" + SERVER.web.port() + "/verify", 1280, "light");
        browser.evaluate(
            "document.querySelector('#receipt').value = "
                + Json.object().textNode(receipt.toString()));
        assertThat(browser.evaluate(VERIFY)).isEqualTo("good good good good noted");
      }
    }
  }
}
