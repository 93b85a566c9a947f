package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the interface promises when it is used as it should be. */
class PromiseTest {
  private final TestServer server = TestServer.shared();

  @Test
  @Clause("II.II.5")
  void supportSeesMaskedValuesAndTheBackendClearOnes() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    Answered masked = server.read(server.support, subject, "customer-service", "identity.name");
    assertThat(masked.text("/values/identity.name/view")).isEqualTo("masked");
    assertThat(masked.text("/values/identity.name/value")).isEqualTo("A***");
    Answered clear = server.read(server.backend, subject, "customer-service", "identity.name");
    assertThat(clear.text("/values/identity.name/value")).isEqualTo("Ada Lovelace");
    assertThat(clear.text("/receipt/leaf")).matches("[0-9a-f]{64}");
  }

  @Test
  void eachCollectedFieldIsDecidedForItself() {
    Answered answered =
        server.collect(
            server.adult(),
            "{\"identity.name\":\"Ada\",\"identity.shoe-size\":42,\"device.model\":\"x\"}");
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.json().findValuesAsText("field"))
        .containsExactlyInAnyOrder("identity.name", "device.model", "identity.shoe-size");
    assertThat(answered.text("/refused/0/clause")).isEqualTo("I.5");
  }

  @Test
  @Clause("V.1")
  void peopleCorrectAndDeleteWhatIsHeld() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada\"}");
    String data = "/v1/subjects/" + subject + "/data";
    Answered corrected =
        server.change(
            server.backend,
            "PATCH",
            data,
            TestServer.name("key"),
            "{\"product\":\"meeting\",\"values\":{\"identity.name\":\"Grace\"}}");
    assertThat(corrected.status()).as(corrected.body()).isEqualTo(200);
    assertThat(
            server
                .read(server.backend, subject, "customer-service", "identity.name")
                .text("/values/identity.name/value"))
        .isEqualTo("Grace");
    Answered deleted =
        server.change(
            server.backend, "DELETE", data + "?field=identity.name", TestServer.name("key"), "");
    assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
    assertThat(
            server
                .read(server.backend, subject, "customer-service", "identity.name")
                .text("/absent/0"))
        .isEqualTo("identity.name");
  }

  @Test
  void eventSeriesAreListsWithIdsAndTimes() {
    String subject = server.adult();
    choose(subject, "recommendation");
    String line =
        """
        {"observedAt":"2026-11-0%dT00:00:00Z","value":{"event":"joined","attributes":{"n":%d}}}
        """;
    Answered stored =
        server.collect(
            subject,
            "product-use",
            "",
            "{\"log.feature-use\":[" + line.formatted(1, 1) + "," + line.formatted(2, 2) + "]}");
    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
    Answered read =
        server.post(
            server.backend,
            "/v1/subjects/" + subject + "/read",
            """
            {"purpose":"recommendation","product":"meeting","fields":["log.feature-use"],
             "from":"2026-11-01T12:00:00Z","limit":5}
            """);
    JsonNode values = read.json().at("/values/log.feature-use/values");
    assertThat(values).as(read.body()).hasSize(1);
    assertThat(values.at("/0/observedAt").asText()).isEqualTo("2026-11-02T00:00:00Z");
    assertThat(values.at("/0/id").asText()).hasSize(36);
  }

  @Test
  @Clause("V.2")
  void everyChoiceIsToldPageByPageNewestFirst() {
    String subject = server.adult();
    for (String decision : List.of("granted", "withdrawn", "granted", "withdrawn", "granted")) {
      assertThat(server.choose(subject, decision, TestServer.BY_EMAIL).status()).isEqualTo(200);
    }
    String path = "/v1/subjects/" + subject + "/consents?limit=2";
    List<String> told = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String cursor = "";
    do {
      Answered page = server.get(server.backend, path + cursor);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      JsonNode history = page.json().path("history");
      history.forEach(choice -> told.add(choice.path("decision").asText()));
      sizes.add(history.size());
      assertThat(page.json().path("state").findValuesAsText("decision")).contains("granted");
      cursor = page.json().has("next") ? "&cursor=" + page.text("/next") : "";
    } while (!cursor.isEmpty());
    assertThat(told).containsExactly("granted", "withdrawn", "granted", "withdrawn", "granted");
    assertThat(sizes).containsExactly(2, 2, 1);
    for (String bad : List.of("0", "-1", "x", "99999999999999999999")) {
      assertThat(server.get(server.backend, path + "&cursor=" + bad).status()).isEqualTo(400);
    }
  }

  private void choose(String subject, String purpose) {
    Answered answered =
        server.change(
            server.backend,
            "/v1/subjects/" + subject + "/consents",
            "{\"purpose\":\"%s\",\"decision\":\"granted\",\"product\":\"meeting\",\"by\":\"self\",\"evidence\":%s}"
                .formatted(purpose, TestServer.evidence()));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }

  @Test
  void peopleAreFoundByTheirAliasHoweverItIsWritten() {
    var registration = server.registration();
    String subject = server.registered(registration);
    String email = registration.at("/aliases/email").asText().replace("someone", "SOMEone");
    String lookup =
        "{\"alias\":{\"email\":\"%s\"},\"purpose\":\"authentication\",\"product\":\"meeting\"}";
    Answered found = server.post(server.backend, "/v1/subjects/lookup", lookup.formatted(email));
    assertThat(found.text("/subject")).isEqualTo(subject);
    Answered nobody =
        server.post(server.backend, "/v1/subjects/lookup", lookup.formatted("no@example.com"));
    assertThat(nobody.status()).isEqualTo(404);
  }

  @Test
  void bulkReadHasAStatusForEachAndSaysWhenItIsWhole() {
    String one = server.adult();
    String two = server.adult();
    String unknown = "01a20422-a5f1-75b8-873e-b00f34390b38";
    Answered answered =
        server.post(
            server.backend,
            "/v1/read",
            """
            {"subjects":["%s","%s","%s"],"purpose":"customer-service","product":"meeting",
             "fields":["contact.email"],"justification":"call list"}
            """
                .formatted(one, unknown, two));
    assertThat(answered.header("Content-Type")).isEqualTo("application/x-ndjson");
    List<JsonNode> lines = answered.lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.stream().limit(3).map(line -> line.path("status").asInt()))
        .containsExactly(200, 404, 200);
    assertThat(lines.getLast()).isEqualTo(Json.object().put("end", true).put("count", 3));
  }

  @Test
  void bulkReadWithoutAReasonIsRefused() {
    Answered answered =
        server.post(
            server.backend,
            "/v1/read",
            "{\"subjects\":[\"%s\"],\"purpose\":\"customer-service\",\"product\":\"meeting\",\"fields\":[\"contact.email\"]}"
                .formatted(server.adult()));
    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/justification");
  }

  @Test
  @Clause("II.I.5")
  void audienceHasThoseWhoAgreedAndNobodyElse() {
    String agreed = server.adult();
    String silent = server.adult();
    String left = server.adult();
    server.choose(agreed, "granted", TestServer.BY_EMAIL);
    server.choose(left, "granted", TestServer.BY_EMAIL);
    server.choose(left, "withdrawn", "");
    Answered answered =
        server.get(server.backend, "/v1/audience?purpose=promotion&channel=email&product=meeting");
    List<String> ids =
        answered.lines().stream().map(line -> line.path("subject").asText()).toList();
    assertThat(ids).contains(agreed).doesNotContain(silent, left);
    assertThat(answered.lines().getLast().path("count").asInt()).isEqualTo(ids.size() - 1);
  }

  @Test
  void audienceForAPurposeTheCallerHasNotIsRefusedBeforeTheFirst() {
    String token =
        server.token(
            Asker.Kind.STAFF, List.of("support-agent"), dev.pledge.engine.actor.Scope.BULK);
    Answered answered =
        server.get(token, "/v1/audience?purpose=promotion&channel=email&product=meeting");
    assertThat(answered.status()).isEqualTo(403);
    assertThat(answered.text("/clause")).isEqualTo("IV.3");
  }

  @Test
  void historyTellsReadsAndRefusalsNewestFirst() {
    String subject = server.adult();
    server.read(server.support, subject, "customer-service", "contact.email");
    server.read(server.support, subject, "settings", "device.model");
    String path = "/v1/subjects/" + subject + "/history";
    JsonNode items = server.get(server.backend, path + "?limit=3").json().path("items");
    assertThat(items).hasSize(3);
    assertThat(items.findValuesAsText("act")).containsExactly("history", "read", "read");
    assertThat(items.at("/1/outcome").asText()).isEqualTo("refused");
    assertThat(items.at("/1/clause").asText()).isEqualTo("IV.3");
    assertThat(items.at("/2/fields/0/view").asText()).isEqualTo("masked");
  }

  @Test
  void historyGoesOnWhereThePageEnded() {
    String subject = server.adult();
    for (int i = 0; i < 5; i++) {
      server.read(server.support, subject, "customer-service", "contact.email");
    }
    String path = "/v1/subjects/" + subject + "/history?limit=2";
    List<String> seen = new ArrayList<>();
    String cursor = "";
    for (int page = 0; page < 3; page++) {
      Answered answered = server.get(server.backend, path + cursor);
      seen.addAll(answered.json().path("items").findValuesAsText("entry").stream().toList());
      cursor = "&cursor=" + answered.text("/next");
    }
    List<String> all =
        server
            .get(server.backend, "/v1/subjects/" + subject + "/history?limit=100")
            .json()
            .path("items")
            .findValuesAsText("entry");
    // Each look is in the history itself, newest first.
    assertThat(all).containsSequence(seen);
  }

  @Test
  @Clause("V.3")
  void closingStopsUseAtOnce() {
    String subject = server.adult();
    Answered closed =
        server.change(
            server.backend, "/v1/subjects/" + subject + "/close", "{\"product\":\"meeting\"}");
    assertThat(closed.status()).as(closed.body()).isEqualTo(200);
    Answered read = server.read(server.support, subject, "customer-service", "contact.email");
    assertThat(read.status()).isEqualTo(403);
    assertThat(read.text("/clause")).isEqualTo("II.II.3");
    assertThat(
            server
                .get(server.backend, "/v1/subjects/" + subject)
                .json()
                .at("/products/0/open")
                .asBoolean())
        .isFalse();
  }

  @Test
  void furtherProductIsJoined() {
    String subject = server.adult();
    Answered joined =
        server.change(
            server.backend,
            "/v1/subjects/" + subject + "/products",
            "{\"product\":\"calendar\",\"accepted\":" + TestServer.ACCEPTED + "}");
    assertThat(joined.status()).as(joined.body()).isEqualTo(200);
    assertThat(server.get(server.backend, "/v1/subjects/" + subject).json().path("products"))
        .hasSize(2);
  }

  @Test
  void policyIsServedAsJsonUnlessAnotherFormIsLikedBetter() {
    Answered json = server.send(server.request("/v1/policy"));
    assertThat(json.text("/policy")).isEqualTo("emeet@2020-04-23");
    assertThat(json.text("/incidents/notify/0")).isEqualTo("push");
    assertThat(json.text("/incidents/regulator")).isEqualTo("PT4H");
    assertThat(json.text("/requests/closingWithin")).isEqualTo("15 working days");
    assertThat(json.text("/companies/0/controlledBy/0/company")).isEqualTo("controller");
    assertThat(json.text("/recipients/0/company")).isEqualTo("emeet-cloud");
    assertThat(json.text("/recipients/0/agreement/until")).isEqualTo("2030-01-01");
    assertThat(json.text("/recipients/1/case")).isEqualTo("consent");
    assertThat(json.json().at("/recipients/2/agreement").isMissingNode()).isTrue();
    assertThat(json.text("/transfer")).isEqualTo("asks-anew");
    assertThat(json.text("/revision/continuedUseAccepts")).isEqualTo("editorial");
    assertThat(json.json().path("purposes")).isNotEmpty();
    assertThat(json.header("Vary")).isEqualTo("Accept, Accept-Language");
    Answered none = policy("/v1/policy", "image/png", "en");
    assertThat(none.status()).isEqualTo(406);
    assertThat(none.text("/detail")).contains("application/json", "text/html", "text/markdown");
    assertThat(none.header("Vary")).isEqualTo("Accept, Accept-Language");
    assertThat(server.send(server.request("/v1/policy/2001-01-01")).status()).isEqualTo(404);
  }

  @Test
  @Clause("VIII.1")
  void policyIsServedAsItCountsForTheProductAskedFor() {
    Answered all = server.send(server.request("/v1/policy"));
    assertThat(all.text("/product")).isEqualTo("general");
    assertThat(all.text("/ownTerms/0")).isEqualTo("calendar");
    assertThat(all.json().path("differences")).isEmpty();
    Answered calendar = server.send(server.request("/v1/policy?product=calendar"));
    assertThat(calendar.text("/product")).isEqualTo("calendar");
    assertThat(calendar.json().path("differences").toString())
        .contains(
            "{\"weight\":\"narrowing\",\"part\":\"purpose `improvement`\",\"aspect\":\"uses\"");
    assertThat(calendar.json().path("retention").toString())
        .contains("\"of\":[\"log.fault\"],\"keep\":\"P3M\"");
    assertThat(all.json().path("retention").toString()).doesNotContain("P3M");
    assertThat(policy("/v1/policy?product=calendar", "text/markdown", "en").body())
        .contains("What is different in this product", "Not done here");
  }

  @Test
  @Clause("0.3")
  void policyIsAPageForPeopleThatMayRunNothing() {
    Answered page = policy("/v1/policy", "text/html,application/xml;q=0.9,*/*;q=0.8", "zh-CN, en");
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Content-Language")).isEqualTo("zh");
    assertThat(page.header("Content-Security-Policy"))
        .startsWith("default-src 'none';")
        .contains("style-src 'sha256-", "frame-ancestors 'none'")
        .doesNotContain("script", "unsafe", "self");
    assertThat(page.body())
        .startsWith("<!DOCTYPE html>")
        .contains(
            "<html lang=\"zh\">",
            "?language=en&amp;product=general",
            "<section id=\"II.I.7\" class=\"passage important\">");
  }

  @Test
  void policyIsMarkdownInTheLanguageAndForTheProductAskedFor() {
    String version = "/v1/policy/2020-04-23";
    Answered fitting = policy(version, "text/markdown", "zh");
    assertThat(fitting.header("Content-Type")).isEqualTo("text/markdown; charset=utf-8");
    assertThat(fitting.header("Content-Language")).isEqualTo("zh");
    assertThat(fitting.body()).startsWith("# ").contains("<a id=\"annex-retention\"></a>");
    assertThat(policy(version, "text/markdown", "fr").header("Content-Language")).isEqualTo("en");
    Answered named = policy(version + "?language=en&product=meeting", "text/markdown", "zh");
    assertThat(named.header("Content-Language")).isEqualTo("en");
    assertThat(named.body()).contains("eMeet Meetings");
    Answered unknown = policy("/v1/policy?product=meating", "text/html", "en");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.text("/detail")).contains("`general`, `meeting`, `calendar`");
    assertThat(policy("/v1/policy?language=de", "text/html", "en").status()).isEqualTo(400);
  }

  @Test
  void whoHasThePolicyAlreadyIsSentNothing() {
    for (String form : List.of("application/json", "text/html", "text/markdown")) {
      Answered first = policy("/v1/policy", form, "en");
      String tag = first.header("ETag");
      assertThat(tag).as(form).matches("\"[A-Za-z0-9_-]{22}\"");
      assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
      for (String held : List.of(tag, "\"other\", W/" + tag, "*")) {
        Answered again = policy("/v1/policy", form, "en", held);
        assertThat(again.status()).as(held).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(again.header("Vary")).isEqualTo("Accept, Accept-Language");
      }
      Answered other = policy("/v1/policy", form, "en", "\"other\"");
      assertThat(other.status()).isEqualTo(200);
      assertThat(other.body()).isEqualTo(first.body());
    }
    assertThat(policy("/v1/policy", "text/html", "zh").header("ETag"))
        .isNotEqualTo(policy("/v1/policy", "text/html", "en").header("ETag"));
  }

  private Answered policy(String path, String accept, String language, String held) {
    return server.send(
        server
            .request(path)
            .header("Accept", accept)
            .header("Accept-Language", language)
            .header("If-None-Match", held));
  }

  private Answered policy(String path, String accept, String language) {
    return server.send(
        server.request(path).header("Accept", accept).header("Accept-Language", language));
  }

  @Test
  void metricsCountCallsByTemplateAndNameNobody() {
    String subject = server.adult();
    server.get(server.backend, "/v1/subjects/" + subject);
    String metrics = server.send(server.request("/metrics")).body();
    assertThat(metrics)
        .contains("pledge_calls_total{method=\"GET\",route=\"/v1/subjects/{id}\",status=\"200\"}")
        .contains("pledge_call_seconds_bucket")
        .contains("pledge_ready 1")
        .doesNotContain(subject);
  }

  // ---------------------------------------------------------------- many at once

  @Test
  @Clause("V.2")
  void noReadThatStartsAfterAWithdrawalWasAcknowledgedSucceeds() throws Exception {
    int rounds = 1_000;
    String subject = server.adult();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      int permitted = 0;
      for (int round = 0; round < rounds; round++) {
        assertThat(server.choose(subject, "granted", TestServer.BY_EMAIL).status()).isEqualTo(200);
        AtomicBoolean acknowledged = new AtomicBoolean();
        Callable<Boolean> reader =
            () -> {
              boolean after = acknowledged.get();
              int status = server.promotion(subject).status();
              assertThat(status).isIn(200, 403);
              assertThat(after && status == 200)
                  .as("a read started after the acknowledgement and succeeded")
                  .isFalse();
              return status == 200;
            };
        List<Future<Boolean>> reads = new ArrayList<>();
        reads.add(readers.submit(reader));
        reads.add(readers.submit(reader));
        assertThat(server.choose(subject, "withdrawn", "").status()).isEqualTo(200);
        acknowledged.set(true);
        reads.add(readers.submit(reader));
        for (Future<Boolean> read : reads) {
          permitted += read.get() ? 1 : 0;
        }
      }
      assertThat(permitted).as("reads permitted before the withdrawal").isPositive();
    }
  }

  @Test
  void manySendersOfOneKeyMakeOneChange() throws Exception {
    String key = TestServer.name("key");
    String body = server.registration().toString();
    Callable<Answered> sender =
        () -> server.change(server.backend, "POST", "/v1/subjects", key, body);
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Answered> answers = new ArrayList<>();
      for (Future<Answered> one : senders.invokeAll(java.util.Collections.nCopies(16, sender))) {
        answers.add(one.get());
      }
      assertThat(answers).extracting(Answered::status).isSubsetOf(201, 409).contains(201);
      assertThat(
              answers.stream()
                  .filter(answer -> answer.status() == 201)
                  .map(Answered::body)
                  .collect(Collectors.toSet()))
          .hasSize(1);
    }
    Answered again =
        server.send(
            server
                .authorised(server.backend, "/v1/subjects")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
  }
}
