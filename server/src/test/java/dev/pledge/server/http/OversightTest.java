package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Scope;
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

/** Approvals of legal exceptions and reviews of emergency uses, as callers see them. */
@Clause("II.I.7")
class OversightTest {
  private static final String NOBODY = "01a20422-a5f1-75b8-873e-b00f34390b38";

  private final TestServer server = TestServer.shared();
  private final String legalId = TestServer.name("legal");
  private final String rescuerId = TestServer.name("rescuer");
  private final String legal = staff(legalId, "legal");
  private final String rescuer = staff(rescuerId, "security-officer");
  private final String officer = staff(TestServer.name("officer"), "privacy-officer");

  private String staff(String id, String role) {
    return server.token(id, Asker.Kind.STAFF, List.of(role), Duration.ofDays(1));
  }

  private String person() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    return subject;
  }

  private static void assertRefused(Answered answered, String reason) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(403);
    assertThat(answered.text("/clause")).isEqualTo("II.I.7");
    assertThat(answered.body()).contains("\"reason\":\"" + reason + "\"");
  }

  private static void assertBad(Answered answered, String pointer) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.problem()).isEqualTo("bad-request");
    assertThat(answered.text("/errors/0/pointer")).isEqualTo(pointer);
  }

  // ---------------------------------------------------------------------------------- approvals

  private ObjectNode approval() {
    ObjectNode approval = Json.object();
    approval.put("purpose", "court-order").put("product", "meeting").put("reference", "(2026) 12");
    approval.putArray("fields").add("identity.name");
    return approval.put("for", legalId);
  }

  private Answered approve(String token, String subject, ObjectNode approval) {
    return server.change(token, "/v1/subjects/" + subject + "/approvals", approval.toString());
  }

  private Answered court(String subject, String order) {
    return server.post(
        legal,
        "/v1/subjects/" + subject + "/read",
        """
        {"purpose":"court-order","product":"meeting","fields":["identity.name","contact.email"],
         "justification":"order 12"%s}
        """
            .formatted(order));
  }

  private static String order(Answered approved) {
    assertThat(approved.status()).as(approved.body()).isEqualTo(201);
    return ",\"order\":{\"approval\":\"" + approved.text("/approval") + "\"}";
  }

  @Test
  void anExceptionOpensUnderAnApprovalAndOnlyItsFields() {
    String subject = person();
    assertRefused(court(subject, ""), "exception-without-order");
    Answered approved = approve(officer, subject, approval());
    assertThat(approved.text("/approval")).isNotEqualTo(approved.text("/receipt/entry"));
    assertThat(Instant.parse(approved.text("/until")))
        .isAfter(Instant.now().plus(Duration.ofHours(23)));
    Answered opened = court(subject, order(approved));
    assertThat(opened.text("/values/identity.name/value")).isEqualTo("Ada Lovelace");
    assertThat(opened.text("/withheld/0/reason")).isEqualTo("not-in-order");
    assertRefused(court(person(), order(approved)), "exception-without-order");
  }

  @Test
  void eachOfManyPeopleNeedsAnApproval() {
    String approved = person();
    String other = person();
    String order = order(approve(officer, approved, approval()));
    String bulk =
        server.token(legalId, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1), Scope.BULK);
    List<JsonNode> lines =
        server
            .post(
                bulk,
                "/v1/read",
                """
                {"subjects":["%s","%s"],"purpose":"court-order","product":"meeting",
                 "fields":["identity.name"],"justification":"the court asks"%s}
                """
                    .formatted(other, approved, order))
            .lines();
    assertThat(lines.get(0).path("status").asInt()).isEqualTo(403);
    assertThat(lines.get(0).at("/withheld/0/reason").asText()).isEqualTo("exception-without-order");
    assertThat(lines.get(1).path("status").asInt()).isEqualTo(200);
  }

  @Test
  void whoMayNotApproveIsToldTheClause() {
    String subject = person();
    assertRefused(approve(legal, subject, approval()), "no-oversight");
    assertRefused(
        approve(officer, subject, approval().put("purpose", "customer-service")),
        "not-exceptional");
    assertRefused(approve(officer, subject, approval().put("for", "nobody-here")), "no-such-actor");
    String tooLong = Instant.now().plus(Duration.ofDays(31)).toString();
    assertRefused(approve(officer, subject, approval().put("until", tooLong)), "approval-term");
    assertThat(approve(officer, NOBODY, approval()).status()).isEqualTo(404);
  }

  @Test
  void anApprovalIsTakenBack() {
    String subject = person();
    Answered approved = approve(officer, subject, approval());
    String path = "/v1/subjects/" + subject + "/approvals?approval=";
    String id = approved.text("/approval");
    assertRefused(revoke(legal, path + id), "no-oversight");
    assertThat(revoke(officer, path + "x").status()).isEqualTo(404);
    assertThat(revoke(officer, path + NOBODY).status()).isEqualTo(404);
    assertThat(revoke(officer, path).status()).isEqualTo(400);
    assertThat(revoke(officer, path + id).status()).isEqualTo(200);
    assertRefused(court(subject, order(approved)), "exception-without-order");
    assertThat(revoke(officer, path + id).status()).isEqualTo(404);
  }

  private Answered revoke(String token, String path) {
    return server.change(token, "DELETE", path, TestServer.name("key"), "");
  }

  @Test
  void anApprovalIsMadeOnce() {
    String path = "/v1/subjects/" + person() + "/approvals";
    String key = TestServer.name("key");
    Answered first = server.change(officer, "POST", path, key, approval().toString());
    Answered again = server.change(officer, "POST", path, key, approval().toString());
    assertThat(again.text("/approval")).isEqualTo(first.text("/approval"));
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"purpose", "product", "reference", "fields", "for"})
  void anApprovalIsWhole(String member) {
    ObjectNode less = approval();
    less.remove(member);
    assertBad(approve(officer, person(), less), "/" + member);
  }

  @Test
  void anApprovalThatIsNotWellFormedIsPointedAt() {
    String subject = person();
    assertBad(approve(officer, subject, approval().put("for", "Mr Wang <w@x>")), "/for");
    assertBad(approve(officer, subject, approval().put("until", "tomorrow")), "/until");
    assertBad(approve(officer, subject, approval().put("approver", "me")), "/approver");
    assertBad(approve(officer, subject, approval().put("fields", "identity.name")), "/fields");
    assertBad(approve(officer, subject, approval().put("reference", " ")), "/reference");
    ObjectNode twice = approval();
    twice.withArray("fields").add("identity.name");
    assertBad(approve(officer, subject, twice), "/fields");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "7",
        "\"x\"",
        "{\"approval\":7}",
        "{\"approval\":\"1-1-1-1-1\"}",
        "{\"approval\":\"01A20422-A5F1-75B8-873E-B00F34390B38\"}",
        "{\"reference\":\"r\",\"approver\":\"lee\",\"fields\":[\"identity.name\"]}"
      })
  void anOrderNamesAnApprovalAndNothingElse(String order) {
    Answered answered = court(person(), ",\"order\":" + order);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.problem()).isEqualTo("bad-request");
    assertThat(answered.text("/errors/0/pointer")).startsWith("/order");
  }

  // ------------------------------------------------------------------------------------- reviews

  private Answered emergency(String subject) {
    return server.post(
        rescuer,
        "/v1/subjects/" + subject + "/read",
        """
        {"purpose":"safety-of-life","product":"meeting","fields":["identity.name"],
         "justification":"she is lost"}
        """);
  }

  /** The one open review of a use made now. */
  private String used(String subject) {
    emergency(subject);
    return listed("open").getFirst().path("review").asText();
  }

  private Answered review(String token, String subject, String review, String finding) {
    return server.change(
        token,
        "/v1/subjects/" + subject + "/reviews",
        "{\"review\":\"%s\",\"finding\":\"%s\",\"note\":\"seen\"}".formatted(review, finding));
  }

  private List<JsonNode> listed(String state) {
    List<JsonNode> mine = new ArrayList<>();
    String cursor = "";
    do {
      Answered page = server.get(officer, "/v1/reviews?limit=2&state=" + state + cursor);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (JsonNode item : page.json().path("items")) {
        if (item.path("actor").asText().equals(rescuerId)) {
          mine.add(item);
        }
      }
      cursor = page.json().has("next") ? "&cursor=" + page.text("/next") : "";
    } while (!cursor.isEmpty());
    return mine;
  }

  @Test
  void anEmergencyUseIsListedReviewedAndSeenByThePerson() {
    String subject = person();
    String entry = emergency(subject).text("/receipt/entry");
    emergency(subject);
    assertThat(listed("open")).hasSize(2);
    JsonNode open = listed("open").get(0);
    String use = open.path("review").asText();
    assertThat(open.toString()).as("it has an id of its own").doesNotContain(entry);
    assertThat(open.path("subject").asText()).isEqualTo(subject);
    assertThat(open.path("state").asText()).isEqualTo("open");
    assertThat(open.has("finding")).isFalse();
    assertThat(review(officer, subject, use, "unjustified").status()).isEqualTo(200);
    assertThat(listed("open")).hasSize(1);
    JsonNode done = listed("all").get(0);
    assertThat(done.path("state").asText()).isEqualTo("done");
    assertThat(done.path("finding").asText()).isEqualTo("unjustified");
    Answered history = server.get(server.backend, "/v1/subjects/" + subject + "/history?limit=2");
    JsonNode line = history.json().at("/items").findParent("target");
    assertThat(line.path("act").asText()).isEqualTo("review");
    assertThat(line.path("target").asText()).isEqualTo(rescuerId);
    assertThat(line.path("reason").asText()).isEqualTo("unjustified");
  }

  @Test
  void aReviewIsMadeByAnotherWithTheRoleAndOnce() {
    String subject = person();
    String use = used(subject);
    assertRefused(review(rescuer, subject, use, "justified"), "no-oversight");
    assertThat(review(officer, subject, NOBODY, "justified").status()).isEqualTo(404);
    assertThat(review(officer, NOBODY, use, "justified").status()).isEqualTo(404);
    assertThat(review(officer, subject, use, "justified").status()).isEqualTo(200);
    Answered twice = review(officer, subject, use, "unjustified");
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.problem()).isEqualTo("already-reviewed");
    assertThat(twice.text("/clause")).isEqualTo("II.I.7");
  }

  @Test
  void aReviewOutlivesThePerson() {
    String subject = person();
    String use = used(subject);
    server.change(server.backend, "DELETE", "/v1/subjects/" + subject, TestServer.name("key"), "");
    assertThat(listed("open").get(0).path("subject").asText()).isEqualTo(use);
    assertThat(review(officer, subject, use, "justified").status()).isEqualTo(404);
    assertThat(review(officer, use, use, "justified").status()).isEqualTo(200);
    assertThat(listed("open")).isEmpty();
  }

  @Test
  void whoReviewsNothingIsToldOfNothing() {
    assertRefused(server.get(server.support, "/v1/reviews"), "no-oversight");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=done",
        "limit=0",
        "limit=201",
        "cursor=x",
        "cursor=AAAA",
        "cursor=________________________________",
        "actor=x"
      })
  void aListAskedForWronglyIsRefused(String query) {
    Answered answered = server.get(officer, "/v1/reviews?" + query);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.problem()).isEqualTo("bad-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"review\":\"x\",\"finding\":\"justified\"}",
        "{\"review\":\"01a20422-a5f1-75b8-873e-b00f34390b38\"}",
        "{\"review\":\"01a20422-a5f1-75b8-873e-b00f34390b38\",\"finding\":\"fine\"}",
        "{\"review\":\"01a20422-a5f1-75b8-873e-b00f34390b38\",\"finding\":\"justified\",\"note\":\"\"}",
        "{\"review\":\"01a20422-a5f1-75b8-873e-b00f34390b38\",\"finding\":\"justified\",\"by\":\"me\"}"
      })
  void aReviewThatIsNotWellFormedIsRefused(String body) {
    Answered answered = server.change(officer, "/v1/subjects/" + NOBODY + "/reviews", body);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.problem()).isEqualTo("bad-request");
  }
}
