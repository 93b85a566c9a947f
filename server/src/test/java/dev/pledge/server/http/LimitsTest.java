package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.policy.decision.Asker;
import dev.pledge.server.http.Limits.Rate;
import dev.pledge.server.http.TestServer.Answered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Rate MUCH = TestServer.MUCH;
  private static final String UNKNOWN = "01a20422-a5f1-75b8-873e-b00f34390b38";
  private static final Rate FEW = new Rate(3, 0.01);

  private static Limits budgets(Rate refusals, Rate misses, Rate strangers) {
    return TestServer.generous().withBudgets(refusals, misses, strangers);
  }

  @Test
  void callerOfTooManyRefusedCallsIsToldToWait() {
    try (TestServer server = TestServer.start(budgets(FEW, MUCH, MUCH))) {
      String subject = server.adult();
      for (int i = 0; i < FEW.burst(); i++) {
        assertThat(server.read(server.support, subject, "settings", "device.model").status())
            .isEqualTo(403);
      }
      Answered answered = server.read(server.support, subject, "settings", "device.model");
      assertThat(answered.status()).isEqualTo(429);
      assertThat(Integer.parseInt(answered.header("Retry-After"))).isPositive();
      // Another caller is not held up.
      assertThat(server.read(server.backend, subject, "customer-service", "contact.email").status())
          .isEqualTo(200);
    }
  }

  @Test
  void guesserOfTokensIsToldToWaitAndKnownCallersAreNot() {
    try (TestServer server = TestServer.start(budgets(MUCH, MUCH, FEW))) {
      String path = "/v1/subjects/" + server.adult();
      for (int i = 0; i < FEW.burst(); i++) {
        assertThat(server.get("pledge_guess" + i, path).status()).isEqualTo(401);
      }
      assertThat(server.get("pledge_guess6", path).status()).isEqualTo(429);
      assertThat(server.get(server.backend, path).status()).isEqualTo(200);
    }
  }

  @Test
  void lookUpsThatFindNobodyAreBudgetedApart() {
    try (TestServer server = TestServer.start(budgets(MUCH, FEW, MUCH))) {
      String lookup =
          "{\"alias\":{\"email\":\"nobody@example.com\"},\"purpose\":\"authentication\",\"product\":\"meeting\"}";
      for (int i = 0; i < FEW.burst(); i++) {
        assertThat(server.post(server.backend, "/v1/subjects/lookup", lookup).status())
            .isEqualTo(404);
      }
      assertThat(server.post(server.backend, "/v1/subjects/lookup", lookup).status())
          .isEqualTo(429);
      assertThat(server.get(server.backend, "/v1/subjects/" + UNKNOWN).status()).isEqualTo(404);
    }
  }

  @Test
  void takenAliasCostsLikeALookUp() {
    try (TestServer server = TestServer.start(budgets(MUCH, FEW, MUCH))) {
      String registration = server.registration().toString();
      assertThat(server.change(server.backend, "/v1/subjects", registration).status())
          .isEqualTo(201);
      for (int i = 0; i < FEW.burst(); i++) {
        assertThat(server.change(server.backend, "/v1/subjects", registration).status())
            .isEqualTo(409);
      }
      assertThat(server.change(server.backend, "/v1/subjects", registration).status())
          .isEqualTo(429);
    }
  }

  @Test
  void refusedLinesOfABulkReadCostLikeRefusedCallsAndEndIt() {
    try (TestServer server = TestServer.start(budgets(FEW, MUCH, MUCH))) {
      Answered answered = server.post(server.backend, "/v1/read", unknownPeople(250));
      List<JsonNode> lines = answered.lines();
      assertThat(answered.status()).isEqualTo(200);
      assertThat(lines.size()).isBetween(FEW.burst() + 1, 200);
      assertThat(lines.getFirst().path("status").asInt()).isEqualTo(404);
      assertThat(lines.getLast().path("type").asText()).endsWith("too-many-refusals");
      assertThat(lines.getLast().path("status").asInt()).isEqualTo(429);
      assertThat(answered.body()).doesNotContain("\"end\"");
      assertThat(server.get(server.backend, "/v1/subjects/" + UNKNOWN).status()).isEqualTo(429);
    }
  }

  private static String unknownPeople(int count) {
    String ids =
        IntStream.range(0, count)
            .mapToObj("\"01a20422-a5f1-75b8-873e-b00f3439%04d\""::formatted)
            .collect(Collectors.joining(","));
    return """
    {"subjects":[%s],"purpose":"customer-service","product":"meeting",
     "fields":["contact.email"],"justification":"call list"}
    """
        .formatted(ids);
  }

  @Test
  void callsBeyondTheLimitAreAnsweredAtOnceAndNotQueued() throws Exception {
    try (TestServer server = TestServer.start(TestServer.generous().withPlaces(2, 64, 2, 64));
        Holding holding = new Holding(server)) {
      String other = server.token(Asker.Kind.SERVICE, List.of("product-backend"), Scope.SUBJECTS);
      String path = "/v1/subjects/" + holding.subject;
      holding.hold(server.backend);
      holding.hold(other);
      Answered third = server.get(server.backend, path);
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("Retry-After")).isEqualTo("1");
      holding.release();
      server.awaitMetric("pledge_calls_at_work{load=\"read\"} 0");
      assertThat(server.get(server.backend, path).status()).isEqualTo(200);
    }
  }

  @Test
  void noCallerTakesMoreThanHalfOfThePlaces() throws Exception {
    try (TestServer server = TestServer.start(TestServer.generous().withPlaces(4, 64, 2, 64));
        Holding holding = new Holding(server)) {
      String other = server.token(Asker.Kind.SERVICE, List.of("product-backend"), Scope.SUBJECTS);
      String path = "/v1/subjects/" + holding.subject;
      holding.hold(server.backend);
      holding.hold(server.backend);
      Answered third = server.get(server.backend, path);
      assertThat(third.status()).isEqualTo(429);
      assertThat(third.problem()).isEqualTo("too-many-at-once");
      assertThat(third.header("Retry-After")).isEqualTo("1");
      assertThat(server.get(other, path).status()).isEqualTo(200);
      holding.release();
      server.awaitMetric("pledge_calls_at_work{load=\"read\"} 0");
      assertThat(server.get(server.backend, path).status()).isEqualTo(200);
    }
  }

  /** Reads that hold their places until they are let go. */
  private static final class Holding implements AutoCloseable {
    private final TestServer server;
    private final String subject;
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Future<Answered>> held = new ArrayList<>();

    Holding(TestServer server) {
      this.server = server;
      this.subject = server.adult();
    }

    void hold(String token) {
      byte[] body =
          TestServer.reading("customer-service", "contact.email").getBytes(StandardCharsets.UTF_8);
      HttpRequest.Builder request =
          server
              .authorised(token, "/v1/subjects/" + subject + "/read")
              .POST(BodyPublishers.ofInputStream(() -> new HeldBack(body, release)));
      held.add(senders.submit(() -> server.send(request)));
      server.awaitMetric("pledge_calls_at_work{load=\"read\"} " + held.size());
    }

    void release() throws Exception {
      release.countDown();
      for (Future<Answered> one : held) {
        assertThat(one.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
    }

    @Override
    public void close() {
      release.countDown();
      senders.shutdownNow();
    }
  }

  /** A body whose end comes when it is let go. */
  private static final class HeldBack extends InputStream {
    private final InputStream body;
    private final CountDownLatch release;

    HeldBack(byte[] body, CountDownLatch release) {
      this.body = new ByteArrayInputStream(body);
      this.release = release;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = body.read(bytes, offset, Math.min(length, 10));
      if (body.available() == 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
      return read;
    }
  }

  @Test
  void workThatTakesTooLongIsAnsweredInTimeAndNotMadeTwice() throws Exception {
    Limits limits = TestServer.generous();
    try (TestServer server =
        TestServer.start(limits.withTimes(Duration.ofSeconds(5), limits.streamTime()))) {
      String subject = server.adult();
      String path = "/v1/subjects/" + subject + "/close";
      String key = TestServer.name("key");
      String body = "{\"product\":\"meeting\"}";
      Answered late;
      try (Connection owner = server.postgres.connections().owner().getConnection();
          Statement statement = owner.createStatement()) {
        // Longer than the call may take; a lock would be waited for no longer than two seconds.
        statement.execute(
            """
            create function slow() returns trigger language plpgsql as
              $$ begin perform pg_sleep(7); return new; end $$;
            create trigger slow before update on subject for each row execute function slow()
            """);
        late = server.change(server.backend, "POST", path, key, body);
        statement.execute("drop trigger slow on subject");
      }
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.problem()).isEqualTo("out-of-time");
      assertThat(late.header("Retry-After")).isEqualTo("1");
      server.awaitMetric("pledge_calls_at_work{load=\"change\"} 0");
      Answered again = server.change(server.backend, "POST", path, key, body);
      assertThat(again.status()).as(again.body()).isEqualTo(200);
      assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
      assertThat(server.get(server.backend, "/v1/subjects/" + subject).body())
          .contains("\"open\":false");
    }
  }

  @Test
  void budgetFillsAsTimePasses() {
    AtomicLong now = new AtomicLong();
    Budget budget = new Budget(new Rate(2, 1), now::get);
    budget.spend("a");
    budget.spend("a");
    assertThat(budget.wait("a")).isEqualTo(Duration.ofSeconds(1));
    assertThat(budget.wait("b")).isZero();
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(budget.wait("a")).isZero();
  }
}
