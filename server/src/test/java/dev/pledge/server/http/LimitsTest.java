package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.server.http.Limits.Rate;
import dev.pledge.server.http.TestServer.Answered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
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
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Rate MUCH = new Rate(1_000_000, 1_000_000);

  private static Limits limits(
      int reads, Duration time, Rate refusals, Rate misses, Rate strangers) {
    return new Limits(
        1 << 20,
        64 << 20,
        100,
        1000,
        reads,
        64,
        2,
        64,
        time,
        Duration.ofMinutes(1),
        refusals,
        misses,
        strangers);
  }

  @Test
  void callerOfTooManyRefusedCallsIsToldToWait() {
    Rate few = new Rate(5, 0.01);
    try (TestServer server =
        TestServer.start(limits(64, Duration.ofSeconds(30), few, MUCH, MUCH))) {
      String subject = server.adult();
      for (int i = 0; i < 5; i++) {
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
    Rate few = new Rate(5, 0.01);
    try (TestServer server =
        TestServer.start(limits(64, Duration.ofSeconds(30), MUCH, MUCH, few))) {
      String path = "/v1/subjects/" + server.adult();
      for (int i = 0; i < 5; i++) {
        assertThat(server.get("pledge_guess" + i, path).status()).isEqualTo(401);
      }
      assertThat(server.get("pledge_guess6", path).status()).isEqualTo(429);
      assertThat(server.get(server.backend, path).status()).isEqualTo(200);
    }
  }

  @Test
  void lookUpsThatFindNobodyAreBudgetedApart() {
    Rate few = new Rate(3, 0.01);
    try (TestServer server =
        TestServer.start(limits(64, Duration.ofSeconds(30), MUCH, few, MUCH))) {
      String lookup =
          "{\"alias\":{\"email\":\"nobody@example.com\"},\"purpose\":\"authentication\",\"product\":\"meeting\"}";
      for (int i = 0; i < 3; i++) {
        assertThat(server.post(server.backend, "/v1/subjects/lookup", lookup).status())
            .isEqualTo(404);
      }
      assertThat(server.post(server.backend, "/v1/subjects/lookup", lookup).status())
          .isEqualTo(429);
      assertThat(server.get(server.backend, "/v1/subjects/" + server.adult()).status())
          .isEqualTo(200);
    }
  }

  @Test
  void callsBeyondTheLimitAreAnsweredAtOnceAndNotQueued() throws Exception {
    try (TestServer server = TestServer.start(limits(2, Duration.ofSeconds(30), MUCH, MUCH, MUCH));
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      String subject = server.adult();
      byte[] body =
          TestServer.reading("customer-service", "contact.email").getBytes(StandardCharsets.UTF_8);
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(2);
      List<Future<Answered>> slow = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        slow.add(
            senders.submit(
                () ->
                    server.send(
                        server
                            .authorised(server.backend, "/v1/subjects/" + subject + "/read")
                            .POST(
                                BodyPublishers.ofInputStream(
                                    () -> new HeldBack(body, held, release))))));
      }
      assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
      awaitAtWork(server, 2);
      Answered third = server.get(server.backend, "/v1/subjects/" + subject);
      release.countDown();
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("Retry-After")).isEqualTo("1");
      for (Future<Answered> one : slow) {
        assertThat(one.get().status()).isEqualTo(200);
      }
      awaitAtWork(server, 0);
      assertThat(server.get(server.backend, "/v1/subjects/" + subject).status()).isEqualTo(200);
    }
  }

  private static void awaitAtWork(TestServer server, int calls) {
    String line = "pledge_calls_at_work{load=\"read\"} " + calls;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!server.send(server.request("/metrics")).body().contains(line)) {
      assertThat(System.nanoTime()).as("waited for " + line).isLessThan(until);
    }
  }

  /** A body whose end comes when it is let go. */
  private static final class HeldBack extends InputStream {
    private final InputStream body;
    private final CountDownLatch held;
    private final CountDownLatch release;

    HeldBack(byte[] body, CountDownLatch held, CountDownLatch release) {
      this.body = new ByteArrayInputStream(body);
      this.held = held;
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
        held.countDown();
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
    try (TestServer server =
        TestServer.start(limits(64, Duration.ofSeconds(2), MUCH, MUCH, MUCH))) {
      String subject = server.adult();
      String path = "/v1/subjects/" + subject + "/close";
      String key = TestServer.name("key");
      String body = "{\"product\":\"meeting\"}";
      Answered late;
      try (Connection other = server.postgres.connections().owner().getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("lock table subject in access exclusive mode");
        late = server.change(server.backend, "POST", path, key, body);
        other.rollback();
      }
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.problem()).isEqualTo("out-of-time");
      assertThat(late.header("Retry-After")).isEqualTo("1");
      Answered again = server.change(server.backend, "POST", path, key, body);
      while (again.status() == 409) {
        again = server.change(server.backend, "POST", path, key, body);
      }
      assertThat(again.status()).as(again.body()).isEqualTo(200);
      assertThat(server.get(server.backend, "/v1/subjects/" + subject).body())
          .contains("\"open\":false");
    }
  }

  @Test
  void bodyThatComesTooSlowlyIsGivenUp() throws Exception {
    try (TestServer server = TestServer.start(limits(64, Duration.ofMillis(50), MUCH, MUCH, MUCH));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.web.port())) {
      socket
          .getOutputStream()
          .write(
              """
              POST /v1/subjects/x/read HTTP/1.1\r
              Host: localhost\r
              Authorization: Bearer %s\r
              Content-Type: application/json\r
              Content-Length: 100000\r
              \r
              """
                  .formatted(server.backend)
                  .getBytes(StandardCharsets.US_ASCII));
      trickleUntilAnswered(socket);
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
    }
  }

  /** Sends a byte now and then, for as long as there is no answer. */
  private static void trickleUntilAnswered(Socket socket) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (socket.getInputStream().available() == 0) {
      assertThat(System.nanoTime()).as("waited for an answer").isLessThan(end);
      socket.getOutputStream().write(' ');
      long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
      while (System.nanoTime() < next && socket.getInputStream().available() == 0) {
        Thread.onSpinWait();
      }
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
