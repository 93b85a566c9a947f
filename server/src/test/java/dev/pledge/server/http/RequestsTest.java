package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Scope;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rights requests, as callers see them. */
@Clause("V.4")
class RequestsTest {
  private static final byte[] PDF = "%PDF-1.7\n<script>alert(1)</script>".getBytes(US_ASCII);
  private static final String PDF_TYPE = "application/pdf";

  private final TestServer server = TestServer.shared();
  private final String officer = officer();
  private final String other = officer();

  private String officer() {
    return server.token(
        TestServer.name("privacy-officer"),
        Asker.Kind.STAFF,
        List.of("privacy-officer"),
        Duration.ofDays(1),
        Scope.REQUESTS);
  }

  private static String own(String subject) {
    return "/v1/subjects/" + subject + "/requests";
  }

  private Answered make(String subject, String body) {
    return server.change(server.backend, own(subject), body);
  }

  private String made(String subject, String body) {
    Answered made = make(subject, body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.text("/request");
  }

  private String complaint(String subject) {
    return made(subject, "{\"kind\":\"complaint\",\"text\":\"you wrote to me\"}");
  }

  private Answered staff(String token, String request, String act, String body) {
    return server.change(token, "/v1/requests/" + request + "/" + act, body);
  }

  private Answered handIn(String subject, String request, String type, byte[] content) {
    return server.send(
        server
            .request(own(subject) + "/" + request + "/documents")
            .header("Authorization", "Bearer " + server.backend)
            .header("Content-Type", type)
            .header("Content-Disposition", "attachment; filename=\"../../etc/passwd\"")
            .header("Idempotency-Key", TestServer.name("key"))
            .POST(BodyPublishers.ofByteArray(content)));
  }

  @Test
  void fromTheRequestToTheDeedAndTheAppeal() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    assertThat(server.read(server.backend, subject, "customer-service", "identity.name").body())
        .contains("Lovelace");
    Answered made =
        make(subject, "{\"kind\":\"deletion\",\"fields\":[\"identity.name\"],\"text\":\"please\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.text("/number")).matches("R-[1-9A-Z]{4}-[1-9A-Z]{4}");
    assertThat(made.text("/state")).isEqualTo("confirmed");
    String request = made.text("/request");

    Answered found =
        server.get(
            officer,
            "/v1/requests?number=" + made.text("/number").toLowerCase(java.util.Locale.ROOT));
    assertThat(found.text("/items/0/request")).as(found.body()).isEqualTo(request);
    Answered tooEarly =
        staff(officer, request, "decision", "{\"ruling\":\"granted\",\"reasons\":\"fine\"}");
    assertThat(tooEarly.status()).isEqualTo(409);
    assertThat(tooEarly.text("/reason")).isEqualTo("identity-not-checked");
    assertThat(tooEarly.text("/clause")).isEqualTo("V.4");
    assertThat(staff(officer, request, "take", "{}").text("/state")).isEqualTo("in-work");
    assertThat(staff(officer, request, "identity", "{\"text\":\"show us a card\"}").text("/state"))
        .isEqualTo("identity-wanted");
    Answered document = handIn(subject, request, PDF_TYPE, PDF);
    assertThat(document.status()).as(document.body()).isEqualTo(201);
    Answered opened =
        server.get(officer, "/v1/requests/" + request + "/documents/" + document.text("/record"));
    assertThat(opened.response().body()).isEqualTo(PDF);
    assertThat(opened.header("Content-Type")).isEqualTo(PDF_TYPE);
    assertThat(opened.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"document.pdf\"");
    assertThat(opened.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(opened.header("Content-Security-Policy")).contains("sandbox");
    assertThat(staff(officer, request, "identity", "{\"how\":\"document\"}").text("/identity/how"))
        .isEqualTo("document");

    Answered refused =
        staff(
            officer,
            request,
            "decision",
            "{\"ruling\":\"refused\",\"reasons\":\"an invoice is open\",\"clause\":\"V.3\"}");
    assertThat(refused.text("/state")).as(refused.body()).isEqualTo("decided");
    Answered shown = server.get(server.backend, own(subject) + "/" + request);
    assertThat(shown.text("/decision/reasons")).isEqualTo("an invoice is open");
    assertThat(shown.text("/messages/0/from")).isEqualTo("staff");
    assertThat(shown.json().path("documents")).isEmpty();
    assertThat(
            staff(officer, request, "decision", "{\"ruling\":\"granted\",\"reasons\":\"no\"}")
                .text("/reason"))
        .isEqualTo("already-decided");

    Answered appeal =
        server.change(
            server.backend, own(subject) + "/" + request + "/appeal", "{\"text\":\"it is paid\"}");
    assertThat(appeal.status()).as(appeal.body()).isEqualTo(201);
    String second = appeal.text("/request");
    String granted = "{\"ruling\":\"granted\",\"reasons\":\"it is\"}";
    assertThat(staff(officer, second, "decision", granted).text("/reason"))
        .isEqualTo("decided-by-the-same");
    assertThat(staff(other, second, "decision", granted).text("/state")).isEqualTo("carrying-out");
    TestServer.await(
        "the deed",
        () ->
            server.get(server.backend, own(subject) + "/" + second).text("/state").equals("done"));
    assertThat(server.read(server.backend, subject, "customer-service", "identity.name").body())
        .doesNotContain("Lovelace");
    assertThat(server.get(server.backend, own(subject)).json().path("items")).hasSize(2);
  }

  @Test
  @Clause("IV.3")
  void everyIdIsNobodysToAnotherPerson() {
    String subject = server.adult();
    String stranger = server.adult();
    String request = complaint(subject);
    String document = handIn(subject, request, PDF_TYPE, PDF).text("/record");
    String theirs = own(stranger) + "/" + request;
    assertThat(server.get(server.backend, theirs).status()).isEqualTo(404);
    assertThat(server.get(server.backend, theirs + "/documents/" + document).status())
        .isEqualTo(404);
    assertThat(handIn(stranger, request, PDF_TYPE, PDF).status()).isEqualTo(404);
    for (String act : List.of("messages", "appeal")) {
      assertThat(server.change(server.backend, theirs + "/" + act, "{\"text\":\"hello\"}").status())
          .as(act)
          .isEqualTo(404);
    }
    assertThat(server.change(server.backend, theirs + "/withdraw", "{}").status()).isEqualTo(404);
    String another = complaint(stranger);
    assertThat(
            server
                .get(server.backend, own(stranger) + "/" + another + "/documents/" + document)
                .status())
        .isEqualTo(404);
    String nobody = UUID.randomUUID().toString();
    assertThat(server.get(officer, "/v1/requests/" + nobody).status()).isEqualTo(404);
    assertThat(server.get(officer, "/v1/requests/x").status()).isEqualTo(404);
    assertThat(server.get(server.backend, own(subject) + "/" + request).status()).isEqualTo(200);
  }

  @Test
  @Clause("IV.3")
  void theScopesAreKept() {
    String subject = server.adult();
    String request = complaint(subject);
    assertThat(server.get(officer, own(subject)).problem()).isEqualTo("scope-missing");
    assertThat(server.get(server.support, "/v1/requests").problem()).isEqualTo("scope-missing");
    // A service with the scope is no member of staff.
    assertThat(server.get(server.backend, "/v1/requests/" + request).text("/reason"))
        .isEqualTo("not-a-member-of-staff");
    assertThat(server.get(server.backend, "/v1/requests").status()).isEqualTo(403);
  }

  @Test
  void theSameKeyMakesOneRequestAndOfTwoRequestsTwo() {
    String subject = server.adult();
    String first = complaint(subject);
    String second = complaint(subject);
    String key = TestServer.name("key");
    String text = "{\"text\":\"the same words\"}";
    Answered once =
        server.change(server.backend, "POST", own(subject) + "/" + first + "/messages", key, text);
    Answered again =
        server.change(server.backend, "POST", own(subject) + "/" + first + "/messages", key, text);
    assertThat(again.body()).isEqualTo(once.body());
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(
            server
                .change(
                    server.backend, "POST", own(subject) + "/" + second + "/messages", key, text)
                .problem())
        .isEqualTo("key-reused");
    assertThat(server.get(server.backend, own(subject) + "/" + first).json().path("messages"))
        .hasSize(1);
  }

  @Test
  void hostileFilesAreNotTaken() {
    String subject = server.adult();
    String request = complaint(subject);
    byte[] html = "<html>%PDF-1.7".getBytes(US_ASCII);
    assertThat(handIn(subject, request, PDF_TYPE, html).problem()).isEqualTo("not-a-document");
    assertThat(handIn(subject, request, "image/png", PDF).problem()).isEqualTo("not-a-document");
    for (String type :
        List.of("text/html", "image/svg+xml", "application/json", "application/pdf;x")) {
      assertThat(handIn(subject, request, type, PDF).problem())
          .as(type)
          .isEqualTo("not-a-document");
    }
    assertThat(handIn(subject, request, PDF_TYPE, new byte[0]).status()).isEqualTo(415);
    int most = 5 << 20;
    assertThat(handIn(subject, request, PDF_TYPE, Arrays.copyOf(PDF, most + 1)).status())
        .isEqualTo(413);
    assertThat(handIn(subject, request, PDF_TYPE, Arrays.copyOf(PDF, most)).status())
        .isEqualTo(201);
    for (int i = 0; i < 4; i++) {
      handIn(subject, request, PDF_TYPE, PDF);
    }
    assertThat(handIn(subject, request, PDF_TYPE, PDF).text("/reason"))
        .isEqualTo("too-many-documents");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"appeal\",\"text\":\"x\"}                          | /kind",
        "{\"kind\":\"party\"}                                          | /kind",
        "{\"text\":\"x\"}                                              | /kind",
        "{\"kind\":\"complaint\"}                                      | /text",
        "{\"kind\":\"complaint\",\"text\":\" - \"}                     | /text",
        "{\"kind\":\"restriction\"}                                    | /text",
        "{\"kind\":\"correction\",\"product\":\"meeting\"}             | /values",
        "{\"kind\":\"correction\",\"values\":{\"identity.name\":\"A\"}} | /product",
        "{\"kind\":\"closing\"}                                        | /product",
        "{\"kind\":\"objection\"}                                      | /purpose",
        "{\"kind\":\"deletion\",\"product\":\"meeting\"}               | /product",
        "{\"kind\":\"access\",\"fields\":[\"identity.name\"]}          | /fields",
        "{\"kind\":\"deletion\",\"fields\":[\"a.b\",\"a.b\"]}          | /fields",
      })
  void whatIsAskedForIsWhole(String body, String pointer) {
    Answered answered = make(server.adult(), body);
    assertThat(answered.status()).as(answered.body()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).isEqualTo(pointer);
  }

  @Test
  void aNameThatThePolicyDoesNotHaveIsNotRepeated() {
    Answered answered =
        make(server.adult(), "{\"kind\":\"deletion\",\"fields\":[\"13800138000\"]}");
    assertThat(answered.status()).isEqualTo(403);
    assertThat(answered.text("/reason")).isEqualTo("unknown-names");
    assertThat(answered.body()).doesNotContain("13800138000");
  }

  @Test
  void theQueueIsFilteredPagedAndCounted() {
    String subject = server.adult();
    String first = complaint(subject);
    made(subject, "{\"kind\":\"access\"}");
    Answered page = server.get(officer, "/v1/requests?limit=1");
    assertThat(page.json().path("items")).hasSize(1);
    Answered next = server.get(officer, "/v1/requests?limit=1&cursor=" + page.text("/next"));
    assertThat(next.text("/items/0/request")).isNotEqualTo(page.text("/items/0/request"));
    assertThat(page.json().at("/counts/confirmed").asLong()).isGreaterThan(1);
    assertThat(server.get(officer, "/v1/requests?kind=access&limit=200").body())
        .doesNotContain(first);
    assertThat(server.get(officer, "/v1/requests?due=overdue&limit=200").body())
        .doesNotContain(first);
    for (String bad :
        List.of("kind=x", "state=x", "due=x", "cursor=x", "number=R-0000-0000", "limit=0")) {
      assertThat(server.get(officer, "/v1/requests?" + bad).status()).as(bad).isEqualTo(400);
    }
    server.awaitMetric("pledge_requests_overdue");
    assertThat(server.send(server.request("/metrics")).body())
        .contains("pledge_requests{state=\"confirmed\"}", "pledge_requests_due_soon");
  }

  @Test
  @Clause("V.1")
  void anErasedPersonsRequestsAreNowhere() {
    String subject = server.adult();
    String request = complaint(subject);
    String deletion = made(subject, "{\"kind\":\"deletion\",\"assurance\":\"stepped-up\"}");
    assertThat(
            staff(officer, deletion, "decision", "{\"ruling\":\"granted\",\"reasons\":\"yes\"}")
                .status())
        .isEqualTo(200);
    TestServer.await(
        "the erasure", () -> server.get(officer, "/v1/requests/" + request).status() == 404);
    assertThat(server.get(server.backend, own(subject)).status()).isEqualTo(404);
    assertThat(make(subject, "{\"kind\":\"access\"}").status()).isEqualTo(404);
  }
}
