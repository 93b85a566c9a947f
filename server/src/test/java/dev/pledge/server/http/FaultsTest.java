package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.store.Database;
import dev.pledge.server.http.TestServer.Answered;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What callers are told when things break, and that nothing they were promised is lost. */
class FaultsTest {

  @Test
  void stoppedDatabaseAnswersUnavailableAndComesBackWithoutRestart() throws Exception {
    try (LogLines log = LogLines.of(Readiness.class.getName(), Level.INFO);
        TestServer server = TestServer.start(TestServer.generous());
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      String subject = server.adult();
      Map<String, String> acknowledged = new ConcurrentHashMap<>();
      AtomicBoolean goOn = new AtomicBoolean(true);
      CountDownLatch collected = new CountDownLatch(20);
      CountDownLatch refused = new CountDownLatch(3);
      List<Future<?>> sending = new ArrayList<>();
      for (int sender = 0; sender < 4; sender++) {
        sending.add(
            senders.submit(
                () -> {
                  while (goOn.get()) {
                    String person = register(server, acknowledged, collected, refused);
                    assertThat(person).isNotNull();
                  }
                }));
      }
      assertThat(collected.await(60, TimeUnit.SECONDS)).isTrue();
      server.postgres.stop();
      assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
      assertUnavailable(server.get(server.backend, "/v1/subjects/" + subject));
      assertUnavailable(server.read(server.backend, subject, "customer-service", "contact.email"));
      awaitReadiness(server, 503);
      assertThat(log.said())
          .containsExactly("the server cannot work now: the database does not answer");
      assertThat(server.send(server.request("/health/live")).status()).isEqualTo(200);
      goOn.set(false);
      for (Future<?> one : sending) {
        one.get(90, TimeUnit.SECONDS);
      }
      server.postgres.start();
      awaitReadiness(server, 200);
      assertThat(log.said()).hasSize(2).last().isEqualTo("the server can work again");
      for (Map.Entry<String, String> one : acknowledged.entrySet()) {
        Answered read =
            server.read(server.backend, one.getKey(), "customer-service", "contact.email");
        assertThat(read.text("/values/contact.email/value")).isEqualTo(one.getValue());
      }
    }
  }

  @Test
  void serverWhoseKeyStoreTakesNothingMoreIsNotReady() throws Exception {
    try (LogLines log = LogLines.of(Readiness.class.getName(), Level.INFO);
        TestServer server = TestServer.start(TestServer.generous())) {
      assertThat(server.send(server.request("/health/ready")).status()).isEqualTo(200);
      // As a write that failed leaves it: no disk can be made to fail from here.
      Field keyStore = Pledge.class.getDeclaredField("keyStore");
      keyStore.setAccessible(true);
      ((AutoCloseable) keyStore.get(server.pledge)).close();
      awaitReadiness(server, 503);
      Answered ready = server.send(server.request("/health/ready"));
      assertThat(ready.text("/detail")).contains("started again");
      assertThat(log.said()).singleElement().asString().contains("the key store");
      assertThat(server.send(server.request("/metrics")).body()).contains("pledge_ready 0");
    }
  }

  @Test
  void aBrokenLogIsNoMatterOfTryingAgainSoon() {
    try (TestServer server = TestServer.start(TestServer.generous());
        Database owner = Database.over(server.postgres.connections().owner())) {
      String subject = server.adult();
      owner.read(handle -> handle.execute("update tree set size = size + 1"));
      awaitReadiness(server, 503);
      Answered answered = server.get(server.backend, "/v1/subjects/" + subject);
      assertThat(answered.status()).isEqualTo(503);
      assertThat(answered.text("/type")).isEqualTo("urn:pledge:problem:log-broken");
      assertThat(answered.header("Retry-After")).isEqualTo("60");
      assertThat(answered.text("/detail")).contains("has to see to it");
    }
  }

  private static String register(
      TestServer server,
      Map<String, String> acknowledged,
      CountDownLatch collected,
      CountDownLatch refused) {
    ObjectNode registration = server.registration().put("birthDate", "1990-01-01");
    Answered answered = server.change(server.backend, "/v1/subjects", registration.toString());
    if (answered.status() == 201) {
      acknowledged.put(answered.text("/subject"), registration.at("/aliases/email").asText());
      collected.countDown();
    } else {
      assertUnavailable(answered);
      refused.countDown();
    }
    return answered.body();
  }

  private static void assertUnavailable(Answered answered) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(503);
    assertThat(answered.header("Retry-After")).isEqualTo("1");
    assertThat(answered.body()).doesNotContain("Exception", "postgres", "SQL");
  }

  private static void awaitReadiness(TestServer server, int status) {
    TestServer.await(
        "readiness " + status,
        () -> server.send(server.request("/health/ready")).status() == status);
  }

  @Test
  void stoppingAnswersWhatIsAtWorkAndLetsNothingMoreIn() throws Exception {
    try (TestServer server = TestServer.start(TestServer.generous());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String subject = server.adult();
      HttpRequest.Builder afterwards = server.request("/health/live");
      Future<Answered> atWork;
      Future<?> stopping;
      Answered late;
      try (Connection other = server.postgres.connections().owner().getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("lock table subject in access exclusive mode");
        atWork =
            threads.submit(
                () ->
                    server.change(
                        server.backend,
                        "/v1/subjects/" + subject + "/close",
                        "{\"product\":\"meeting\"}"));
        server.awaitMetric("pledge_calls_at_work{load=\"change\"} 1");
        stopping = threads.submit(server.web::close);
        late = refused(server);
        other.rollback();
      }
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.header("Connection")).isEqualTo("close");
      assertThat(atWork.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
      stopping.get(60, TimeUnit.SECONDS);
      assertThatThrownBy(() -> server.send(afterwards)).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void stoppingTakesNoLongerThanItsGraceWhateverIsStuck() throws Exception {
    try (TestServer server = TestServer.start(TestServer.generous());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String close = "/v1/subjects/" + server.adult() + "/close";
      try (Connection other = server.postgres.connections().owner().getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("lock table subject in access exclusive mode");
        Future<?> stuck =
            threads.submit(() -> server.change(server.backend, close, "{\"product\":\"meeting\"}"));
        server.awaitMetric("pledge_calls_at_work{load=\"change\"} 1");
        long began = System.nanoTime();
        server.web.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .isLessThan(PledgeServer.GRACE.plusSeconds(5));
        other.rollback();
        stuck.cancel(true);
      }
    }
  }

  /** The first answer of a server that is stopping. */
  private static Answered refused(TestServer server) {
    AtomicReference<Answered> last = new AtomicReference<>();
    TestServer.await(
        "the server to refuse",
        () -> {
          Answered answered = server.send(server.request("/health/live"));
          last.set(answered);
          return answered.status() != 200;
        });
    return last.get();
  }

  @Test
  void clientThatGoesAwayIsNoFailureOfOurs() throws Exception {
    try (LogLines log = LogLines.of("", Level.WARNING);
        TestServer server = TestServer.start(TestServer.generous())) {
      String head =
          """
          POST /v1/subjects/x/read HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: 1000\r
          \r
          {"purpose":\
          """
              .formatted(server.backend);
      server.raw(head).close();
      server.awaitMetric("route=\"/v1/subjects/{id}/read\",status=\"499\"} 1");
      assertThat(server.send(server.request("/metrics")).body()).doesNotContain("status=\"500\"");
      assertThat(log.said()).isEmpty();
    }
  }

  @Test
  void noErrorBodyHoldsWhatWasSent() {
    TestServer server = TestServer.shared();
    String mark = "Qx7Zmark99";
    String subject = server.adult();
    List<Answered> answers = new ArrayList<>();
    for (String field :
        List.of(
            "identity.name",
            "identity.gender",
            "identity.age",
            "identity.birth-date",
            "identity.id-number",
            "identity.postal-address",
            "identity.education",
            "payment.bank-card",
            "contact.email",
            "contact.phone",
            "device.id",
            "device.language",
            "device.resolution",
            "device.network",
            "location.position",
            "log.access")) {
      for (String value :
          List.of("\"%s*\"", "[\"%s*\"]", "{\"%s\":1}", "[{\"observedAt\":\"%s\",\"value\":1}]")) {
        answers.add(server.collect(subject, "{\"" + field + "\":" + value.formatted(mark) + "}"));
      }
    }
    String path = "/v1/subjects/" + subject;
    answers.add(server.collect(subject, "{\"" + mark + " \":1}"));
    answers.add(server.read(server.backend, subject, mark + "!", mark + "?", "!" + mark));
    answers.add(server.read(server.backend, subject, "customer-service", mark + "@example.com"));
    answers.add(server.post(server.backend, path + "/read", "{\"" + mark + "!\":1}"));
    answers.add(server.post(server.backend, path + "/read", mark));
    answers.add(server.post(server.backend, path + "/read", "{\"purpose\":" + mark + "}"));
    answers.add(server.post(server.backend, path + "/read", "{\"purpose\":\"" + mark));
    answers.add(server.get(server.backend, path + "/history?cursor=" + mark));
    answers.add(server.get(server.backend, path + "/history?" + mark + "=1"));
    answers.add(server.get(server.backend, "/" + mark));
    answers.add(server.get("pledge_" + mark, path));
    answers.add(
        server.get(
            server.backend, "/v1/audience?product=meeting&purpose=" + mark + "&channel=" + mark));
    answers.add(
        server.post(
            server.backend,
            "/v1/subjects/lookup",
            "{\"alias\":{\"email\":\"%s\"},\"purpose\":\"authentication\",\"product\":\"meeting\"}"
                .formatted(mark)));
    for (Answered answered : answers) {
      assertThat(answered.status()).isBetween(400, 499);
      assertThat(answered.body()).doesNotContainIgnoringCase(forms(mark));
      assertThat(answered.response().headers().map().toString()).doesNotContain(mark);
    }
  }

  private static String[] forms(String mark) {
    return new String[] {
      mark,
      HexFormat.of().formatHex(mark.getBytes(UTF_8)),
      HexFormat.of().formatHex(mark.getBytes(StandardCharsets.UTF_16BE)),
      Base64.getEncoder().withoutPadding().encodeToString(mark.getBytes(UTF_8)).substring(0, 12)
    };
  }
}
