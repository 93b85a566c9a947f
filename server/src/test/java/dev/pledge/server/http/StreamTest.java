package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Answers that are written as they come about. */
class StreamTest {
  /** More than is held back before the first line is sent. */
  private static final int MANY = 20_000;

  /** One stream, served. */
  private static final class Served implements AutoCloseable {
    private final Admission admission;
    private final Metrics metrics = new Metrics();
    private final WebServer web;
    private final Door door;

    Served(Limits limits, Answer.Source source) {
      admission = new Admission(limits);
      Tokens nobody =
          new Tokens(
              TestServer.shared().pledge.actors(),
              new Budget(limits.strangers(), System::nanoTime));
      door =
          new Door(
              limits,
              admission,
              metrics,
              nobody,
              (caller, call) -> {},
              (problem, language, visit) -> Answer.problem(problem, language));
      Route route =
          Route.stream("GET", "/", new Route.Access.Token(), call -> new Answer.Streamed(source));
      Route open =
          new Route(
              route.method(),
              route.path(),
              new Route.Access.Public(),
              route.load(),
              route.parameters(),
              route.content(),
              route.endpoint());
      web =
          WebServer.builder()
              .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .shutdownHook(false)
              .routing(routing -> routing.get("/", (q, a) -> door.handle(open, q, a)))
              .build()
              .start();
    }

    HttpResponse<String> ask() throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/"))
              .timeout(Duration.ofSeconds(60))
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    void awaitCounted(int status) {
      String line = "pledge_calls_total{method=\"GET\",route=\"/\",status=\"" + status + "\"} 1";
      TestServer.await(
          line, () -> metrics.text(admission, true, false, Optional.empty()).contains(line));
    }

    @Override
    public void close() {
      try {
        TestServer.await("places to be released", () -> admission.atWork(Load.STREAM) == 0);
      } finally {
        web.stop();
      }
    }
  }

  private static Served serve(Answer.Source source) {
    return new Served(TestServer.generous(), source);
  }

  private static void write(Answer.Lines lines, int count) {
    for (int i = 0; i < count; i++) {
      lines.line(Json.object().put("n", i));
    }
  }

  @Test
  void wholeAnswerComesWhole() throws Exception {
    try (Served served = serve(lines -> write(lines, MANY))) {
      assertThat(served.ask().body().lines()).hasSize(MANY);
    }
  }

  @Test
  void shortAnswerComesWhole() throws Exception {
    try (Served served = serve(lines -> write(lines, 3))) {
      HttpResponse<String> response = served.ask();
      assertThat(response.body().lines()).hasSize(3);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    }
  }

  @Test
  void failureWhileNothingWasSentIsAProblem() throws Exception {
    try (Served served =
        serve(
            lines -> {
              write(lines, 1);
              throw new IllegalStateException("broken");
            })) {
      HttpResponse<String> response = served.ask();
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValue("application/problem+json");
      assertThat(response.body()).doesNotContain("broken");
    }
  }

  @Test
  void failureAfterTheFirstLinesCutsTheAnswerOff() {
    try (Served served =
        serve(
            lines -> {
              write(lines, MANY);
              throw new IllegalStateException("broken");
            })) {
      assertThatThrownBy(served::ask).isInstanceOf(IOException.class);
      served.awaitCounted(500);
    }
  }

  @Test
  void problemFoundLaterIsTheLastLine() throws Exception {
    try (Served served =
        serve(
            lines -> {
              write(lines, MANY);
              throw Call.NOT_FOUND.found();
            })) {
      HttpResponse<String> response = served.ask();
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body().lines()).hasSize(MANY + 1);
      assertThat(response.body().lines().toList().getLast())
          .contains("\"type\":\"urn:pledge:problem:not-found\"");
    }
  }

  @Test
  void answerThatTakesTooLongIsGivenUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Limits hasty = TestServer.generous().withTimes(Duration.ofSeconds(60), Duration.ofMillis(50));
    try (Served served =
        new Served(
            hasty,
            lines -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
              }
            })) {
      HttpResponse<String> response = served.ask();
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("out-of-time");
    }
  }

  @Test
  void clientThatGoesAwayEndsTheWorkAndCountsApart() throws Exception {
    try (Served served =
        serve(
            lines -> {
              while (true) {
                write(lines, MANY);
              }
            })) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.web.port())) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isPositive();
      }
      served.awaitCounted(ClientGone.STATUS);
    }
  }

  @Test
  void streamAdmittedBeforeTheServerStoppedIsStillAnswered() throws Exception {
    try (Served served = serve(lines -> write(lines, 1));
        Served stopping =
            serve(
                lines -> {
                  served.door.close(Duration.ZERO);
                  write(lines, MANY);
                })) {
      assertThat(stopping.ask().body().lines()).hasSize(MANY);
    }
  }

  @Test
  void alarmThatWasStoppedInterruptsNobody() {
    Alarm alarm = new Alarm();
    assertThat(alarm.stop()).isFalse();
    alarm.ring();
    assertThat(Thread.interrupted()).isFalse();
    Alarm rung = new Alarm();
    rung.ring();
    assertThat(rung.stop()).isTrue();
    assertThat(Thread.interrupted()).isFalse();
  }
}
