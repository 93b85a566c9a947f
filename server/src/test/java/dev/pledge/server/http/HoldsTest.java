package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Legal holds, as callers see them. */
@Clause({"II.I.7", "II.II.3"})
class HoldsTest {
  private static final String NOBODY = "01a20422-a5f1-75b8-873e-b00f34390b38";

  private final TestServer server = TestServer.shared();
  private final String legal = staff("legal");
  private final String officer = staff("privacy-officer");
  private final String until =
      Instant.now().plus(Duration.ofDays(90)).truncatedTo(ChronoUnit.SECONDS).toString();

  private String staff(String role) {
    return server.token(TestServer.name(role), Asker.Kind.STAFF, List.of(role), Duration.ofDays(1));
  }

  private String person() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    return subject;
  }

  private ObjectNode hold() {
    ObjectNode hold = Json.object();
    hold.put("purpose", "court-order").put("product", "meeting").put("reference", "(2026) 12");
    return hold.put("until", until);
  }

  private Answered place(String token, String subject, ObjectNode hold) {
    return server.change(token, "/v1/subjects/" + subject + "/holds", hold.toString());
  }

  private Answered delete(String token, String path) {
    return server.change(token, "DELETE", path, TestServer.name("key"), "");
  }

  @Test
  void whatIsHeldIsReadAfterTheErasureAndGoneWhenItIsLifted() {
    String subject = person();
    Answered placed = place(officer, subject, hold());
    assertThat(placed.status()).as(placed.body()).isEqualTo(201);
    assertThat(placed.text("/until")).isEqualTo(until);
    Answered erased = delete(server.backend, "/v1/subjects/" + subject);
    assertThat(erased.status()).as(erased.body()).isEqualTo(200);
    assertThat(erased.text("/signed")).contains("\nkept for court-order until " + until + "\n");

    String path = "/v1/holds/" + placed.text("/hold");
    Answered opened = server.get(legal, path + "/data");
    assertThat(opened.status()).as(opened.body()).isEqualTo(200);
    assertThat(opened.body()).contains("\"value\":\"Ada Lovelace\"").doesNotContain(subject);
    assertThat(opened.text("/reference")).isEqualTo("(2026) 12");
    assertThat(opened.text("/view")).isEqualTo("clear");
    assertThat(server.get(server.backend, path + "/data").status()).isEqualTo(403);
    Answered first = server.get(legal, path + "/data?limit=1");
    assertThat(first.json().path("values")).hasSize(1);
    Answered rest = server.get(legal, path + "/data?limit=1&cursor=" + first.text("/next"));
    assertThat(rest.status()).as(rest.body()).isEqualTo(200);
    assertThat(rest.body()).isNotEqualTo(first.body());
    assertThat(server.get(legal, path + "/data?cursor=x").status()).isEqualTo(400);

    assertThat(delete(legal, path).status()).isEqualTo(403);
    assertThat(delete(officer, path).status()).isEqualTo(200);
    assertThat(delete(officer, path).status()).isEqualTo(404);
    assertThat(server.get(legal, path + "/data").status()).isEqualTo(404);
  }

  @Test
  void holdsAreListedByCaseForThoseTheyConcern() {
    Answered first = place(officer, person(), hold());
    String legalCase = first.text("/case");
    Answered second = place(officer, person(), hold().put("case", legalCase));
    assertThat(second.text("/case")).isEqualTo(legalCase);
    String path = "/v1/holds?case=" + legalCase;
    Answered listed = server.get(officer, path);
    assertThat(listed.status()).as(listed.body()).isEqualTo(200);
    assertThat(listed.body()).contains(first.text("/hold")).contains(second.text("/hold"));
    assertThat(listed.text("/items/0/fields/0")).isNotEmpty();
    assertThat(server.get(server.backend, path).body()).contains("\"items\":[]");
    assertThat(server.get(officer, "/v1/holds?case=x").status()).isEqualTo(400);
  }

  @Test
  void whoMayNotPlaceOneIsToldTheClause() {
    Answered refused = place(legal, person(), hold());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text("/clause")).isEqualTo("II.I.7");
    assertThat(place(officer, NOBODY, hold()).status()).isEqualTo(404);
    assertThat(place(officer, person(), hold().put("case", NOBODY)).status()).isEqualTo(404);
    Answered past = place(officer, person(), hold().put("until", "2020-01-01T00:00:00Z"));
    assertThat(past.body()).contains("\"reason\":\"hold-term\"");
  }

  @Test
  void allIsHeldOnlyWhereFieldsAreLeftOut() {
    ObjectNode none = hold();
    none.putArray("fields");
    Answered answered = place(officer, person(), none);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/fields");
  }

  @Test
  void aCaseThatIsNoIdIsNamedAndSoAreTheParametersThereAre() {
    assertThat(server.get(officer, "/v1/holds?case=first").text("/detail"))
        .contains("`case` is the id");
    assertThat(server.get(officer, "/v1/holds?kase=first").text("/detail"))
        .endsWith("it takes `case`.");
    assertThat(server.get(officer, "/v1/audit/pledge/key?of=all").text("/detail"))
        .endsWith("it takes none.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"purpose", "product", "reference", "until"})
  void aHoldIsWhole(String member) {
    ObjectNode less = hold();
    less.remove(member);
    Answered answered = place(officer, person(), less);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/" + member);
  }
}
