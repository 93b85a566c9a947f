package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Answers that are written as they come about. */
class StreamTest {
  private static final Limits LIMITS = TestServer.generous();

  private static HttpResponse<String> ask(Answer.Source source)
      throws IOException, InterruptedException {
    Admission admission = new Admission(LIMITS);
    Tokens nobody =
        new Tokens(
            TestServer.shared().pledge.actors(), new Budget(LIMITS.strangers(), System::nanoTime));
    Door door = new Door(LIMITS, admission, new Metrics(), nobody);
    Route route =
        new Route(
            "GET",
            "/",
            new Route.Access.Public(),
            Load.STREAM,
            call -> new Answer.Streamed(source));
    WebServer web =
        WebServer.builder()
            .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .shutdownHook(false)
            .routing(
                routing ->
                    routing.get("/", (request, response) -> door.handle(route, request, response)))
            .build()
            .start();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/"))
              .timeout(Duration.ofSeconds(30))
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    } finally {
      assertThat(admission.atWork(Load.STREAM)).as("places still held").isZero();
      web.stop();
    }
  }

  private static void write(Answer.Lines lines, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      lines.line(Json.object().put("n", i));
    }
  }

  @Test
  void wholeAnswerComesWhole() throws Exception {
    assertThat(ask(lines -> write(lines, 20_000)).body().lines()).hasSize(20_000);
  }

  @Test
  void failureBeforeTheFirstLineIsAProblem() throws Exception {
    HttpResponse<String> response =
        ask(
            lines -> {
              throw Call.NOT_FOUND.found();
            });
    assertThat(response.statusCode()).isEqualTo(404);
  }

  @Test
  void answerThatFailsAfterTheFirstLinesIsCutOff() {
    assertThatThrownBy(
            () ->
                ask(
                    lines -> {
                      write(lines, 20_000);
                      throw new IllegalStateException("broken");
                    }))
        .isInstanceOf(IOException.class);
  }

  @Test
  void answerThatFailsBeforeItsFirstLinesAreSentIsNotTakenForAWholeOne() throws Exception {
    try {
      HttpResponse<String> response =
          ask(
              lines -> {
                write(lines, 1);
                throw new IllegalStateException("broken");
              });
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).doesNotContain("broken");
    } catch (IOException cutOff) {
      assertThat(cutOff).isNotNull();
    }
  }
}
