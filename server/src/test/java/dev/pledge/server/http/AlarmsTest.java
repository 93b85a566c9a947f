package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms, as callers see them. */
@Clause({"IV.2", "IV.3"})
class AlarmsTest {
  private static final String NOWHERE = "01a20422-a5f1-75b8-873e-b00f34390b38";

  private final TestServer server = TestServer.shared();
  private final String suspectId = TestServer.name("suspect");
  private final String suspect = token(suspectId, Asker.Kind.STAFF);
  private final String guard = token(TestServer.name("guard"), Asker.Kind.STAFF);
  private final List<String> raised = new ArrayList<>();

  private String token(String id, Asker.Kind kind) {
    return server.token(id, kind, List.of(), Duration.ofDays(1), Scope.ALARMS);
  }

  /** Three alarms about the same actor, as the watch raises them. */
  @BeforeEach
  void raise() {
    try (Database owner = Database.over(server.postgres.connections().owner())) {
      for (int i = 0; i < 3; i++) {
        UUID id = new UUID(0x0198f1a200007000L + System.nanoTime(), 0x8000000000000000L + i);
        raised.add(0, id.toString());
        owner.read(
            h ->
                h.createUpdate(
                        """
                        insert into alarm (alarm_id, rule, actor_id, purpose, first_log, first_position,
                                           last_log, last_position, signs, raised_at, last_at)
                        values (:id, 'first-use', :actor, 'promotion', 'pledge', 3, 'pledge', 8, 5,
                                now(), now())
                        """)
                    .bind("id", id)
                    .bind("actor", suspectId)
                    .execute());
      }
    }
  }

  private static String path(String alarm) {
    return "/v1/alarms/" + alarm + "/acknowledge";
  }

  private Answered acknowledge(String token, String alarm) {
    return server.change(token, path(alarm), "{\"finding\":\"unjustified\"}");
  }

  private List<JsonNode> mine(String state) {
    List<JsonNode> mine = new ArrayList<>();
    String cursor = "";
    do {
      Answered page = server.get(guard, "/v1/alarms?limit=2" + state + cursor);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (JsonNode item : page.json().path("items")) {
        if (item.path("actor").asText().equals(suspectId)) {
          mine.add(item);
        }
      }
      cursor = page.json().has("next") ? "&cursor=" + page.text("/next") : "";
    } while (!cursor.isEmpty());
    return mine;
  }

  private static List<String> ids(List<JsonNode> items) {
    return items.stream().map(item -> item.path("alarm").asText()).toList();
  }

  @Test
  void anAlarmNamesAnActorARuleAndPlacesInTheLogAndNothingElse() {
    JsonNode alarm = mine("").getFirst();
    Set<String> members = new TreeSet<>();
    alarm.fieldNames().forEachRemaining(members::add);
    assertThat(members)
        .containsExactly(
            "actor",
            "alarm",
            "count",
            "first",
            "firstLog",
            "last",
            "lastAt",
            "lastLog",
            "purpose",
            "raisedAt",
            "rule",
            "state");
    assertThat(alarm.path("rule").asText()).isEqualTo("first-use");
    assertThat(alarm.path("count").asInt()).isEqualTo(5);
    assertThat(alarm.path("firstLog").asText()).isEqualTo(server.pledge.log().origin());
    Answered page = server.get(guard, "/v1/alarms");
    assertThat(page.json().at("/watched/entries").isNumber()).isTrue();
    assertThat(page.text("/receipt/entry")).hasSize(36);
  }

  @Test
  void anAlarmIsAcknowledgedByAnotherOnce() {
    assertThat(ids(mine(""))).isEqualTo(raised);
    String alarm = raised.getFirst();
    assertThat(acknowledge(guard, alarm).status()).isEqualTo(200);
    assertThat(ids(mine("&state=open"))).isEqualTo(raised.subList(1, 3));
    List<JsonNode> all = mine("&state=all");
    assertThat(ids(all)).containsExactly(raised.get(1), raised.get(2), alarm);
    assertThat(all.getLast().path("state").asText()).isEqualTo("acknowledged");
    assertThat(all.getLast().path("finding").asText()).isEqualTo("unjustified");
    Answered twice = acknowledge(guard, alarm);
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.problem()).isEqualTo("already-acknowledged");
  }

  @Test
  void acknowledgingIsDoneOnceHoweverOftenItIsSent() {
    String key = TestServer.name("key");
    String body = "{\"finding\":\"false-alarm\"}";
    Answered first = server.change(guard, "POST", path(raised.getFirst()), key, body);
    Answered again = server.change(guard, "POST", path(raised.getFirst()), key, body);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.text("/receipt/entry")).isEqualTo(first.text("/receipt/entry"));
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
  }

  @Test
  void nobodyAcknowledgesWhatTheyDidThemselvesAndNoProgramAnything() {
    Answered own = acknowledge(suspect, raised.getFirst());
    assertThat(own.status()).isEqualTo(403);
    assertThat(own.text("/clause")).isEqualTo("IV.3");
    assertThat(own.body()).contains("\"reason\":\"own-use\"");
    Answered program =
        acknowledge(token(TestServer.name("bot"), Asker.Kind.SERVICE), raised.getFirst());
    assertThat(program.body()).contains("\"reason\":\"not-a-person\"");
    assertThat(ids(mine("&state=open"))).isEqualTo(raised);
  }

  @Test
  void alarmsAreForThoseWhoseTokenSaysSo() {
    assertThat(server.get(server.support, "/v1/alarms").status()).isEqualTo(403);
    assertThat(acknowledge(server.support, raised.getFirst()).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {NOWHERE, "x", "01A20422-A5F1-75B8-873E-B00F34390B38"})
  void whatIsNoAlarmIsNotFound(String alarm) {
    assertThat(acknowledge(guard, alarm).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"finding\":\"fine\"}", "{\"finding\":\"justified\",\"note\":\"x\"}"})
  void aFindingIsOneOfThree(String body) {
    Answered answered = server.change(guard, path(raised.getFirst()), body);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).startsWith("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=done",
        "limit=0",
        "limit=201",
        "cursor=x",
        "cursor=AAAA",
        "cursor=AAAAAAAAAAIAAAAAAAAAAAAAAAAAAAAA",
        "actor=x"
      })
  void aListAskedForWronglyIsRefused(String query) {
    Answered answered = server.get(guard, "/v1/alarms?" + query);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
  }
}
