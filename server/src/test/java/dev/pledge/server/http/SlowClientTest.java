package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that send slowly, or not at all, hold nothing for long. */
class SlowClientTest {
  private static final Connection.Patience LITTLE =
      new Connection.Patience(
          Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(200));
  private static final Connection.Patience MUCH =
      new Connection.Patience(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5));

  /** Has little patience. */
  private static TestServer hasty;

  /** Has patience with all but bodies that nobody wants, and room for one read at a time. */
  private static TestServer patient;

  @BeforeAll
  static void start() {
    hasty =
        TestServer.start(
            TestServer.generous().withTimes(Duration.ofMillis(100), Duration.ofMinutes(1)),
            LITTLE,
            100);
    patient = TestServer.start(TestServer.generous().withPlaces(1, 64, 2, 64), MUCH, 100);
  }

  @AfterAll
  static void stop() {
    hasty.close();
    patient.close();
  }

  private static String post(TestServer server, String headers) {
    return """
    POST /v1/subjects/x/read HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    %s\r
    \r
    """
        .formatted(server.backend, headers);
  }

  /** Sends a byte now and then until the server closes; what it said meanwhile. */
  private static String trickle(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = socket.getInputStream();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    socket.setSoTimeout(20);
    while (true) {
      assertThat(System.nanoTime()).as("waited for the server to close").isLessThan(end);
      try {
        int read = in.read();
        if (read < 0) {
          return said.toString();
        }
        said.append((char) read);
      } catch (SocketTimeoutException nothingSaid) {
        socket.getOutputStream().write('x');
      } catch (SocketException closed) {
        return said.toString();
      }
    }
  }

  private static String said(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  @Test
  void bodyThatTricklesIsGivenUp() throws Exception {
    try (Socket socket = hasty.raw(post(hasty, "Content-Length: 100000"))) {
      assertThat(trickle(socket)).startsWith("HTTP/1.1 408 ").contains("Connection: close");
      hasty.awaitMetric("pledge_calls_at_work{load=\"read\"} 0");
    }
  }

  @Test
  void bodyThatStallsIsGivenUp() throws Exception {
    try (Socket socket = hasty.raw(post(hasty, "Content-Length: 100000"))) {
      assertThat(said(socket)).startsWith("HTTP/1.1 408 ").contains("too-slow");
    }
  }

  @Test
  void chunkThatTricklesIsGivenUp() throws Exception {
    try (Socket socket = hasty.raw(post(hasty, "Transfer-Encoding: chunked") + "ffff\r\n")) {
      assertThat(trickle(socket)).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void whoDoesNotTakeInAnAnswerIsLetGo() throws Exception {
    String page = "GET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Socket socket = hasty.raw(page.repeat(300))) {
      hasty.awaitMetric("method=\"GET\",route=\"/docs\",status=\"499\"} 1");
      assertThat(page(socket).split("HTTP/1.1 200 ", -1)).hasSizeLessThan(300);
    }
  }

  /** What had been sent before the server closed. */
  private static String page(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] some = new byte[8192];
    try {
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        said.append(new String(some, 0, read, US_ASCII));
      }
    } catch (SocketException reset) {
      // closed with something unread
    }
    return said.toString();
  }

  @Test
  void bodyThatIsTooLargeIsRefusedAndTheConnectionClosed() throws Exception {
    try (Socket socket = patient.raw(post(patient, "Content-Length: 2000000"))) {
      assertThat(trickle(socket)).startsWith("HTTP/1.1 413 ").contains("Connection: close");
    }
  }

  @Test
  void bodyThatIsTooLargeHoldsNoPlaceWhileItIsDropped() throws Exception {
    String person = "/v1/subjects/" + patient.adult();
    TestServer.await(
        "the one place to be free while a body is dropped",
        () -> {
          try (Socket socket = patient.raw(post(patient, "Content-Length: 2000000"))) {
            return patient.get(patient.backend, person).status() == 200
                && socket.getInputStream().available() == 0;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void bodyNobodyAskedForIsNotWaitedFor() throws Exception {
    try (Socket socket =
        patient.raw("GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")) {
      assertThat(trickle(socket)).startsWith("HTTP/1.1 400 ").contains("Connection: close");
    }
  }

  @Test
  void chunkOfAbsurdSizeIsNotKeptInMemory() throws Exception {
    try (Socket socket =
        patient.raw(post(patient, "Transfer-Encoding: chunked") + "7fffffff\r\n")) {
      byte[] some = new byte[3 << 20];
      socket.getOutputStream().write(some);
      assertThat(new String(socket.getInputStream().readNBytes(13), US_ASCII))
          .isEqualTo("HTTP/1.1 413 ");
    }
  }

  @Test
  void headersThatTrickleAreGivenUp() throws Exception {
    try (Socket socket = hasty.raw("GET /health/live HTTP/1.1\r\nHost: x\r\nX-")) {
      assertThat(trickle(socket)).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void connectionThatSaysNothingIsClosed() throws Exception {
    try (Socket socket = hasty.raw("")) {
      assertThat(said(socket)).isEmpty();
    }
  }

  @Test
  void connectionIsClosedSomeTimeAfterItsLastRequest() throws Exception {
    try (Socket socket = hasty.raw("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")) {
      assertThat(said(socket)).startsWith("HTTP/1.1 200 ").contains("\"live\"");
    }
  }

  @Test
  void oneAddressHasNoMoreConnectionsThanItMay() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (TestServer server = TestServer.start(TestServer.generous(), MUCH, 3)) {
      for (int i = 0; i < 3; i++) {
        Socket socket = server.raw("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        sockets.add(socket);
      }
      try (Socket fourth = server.raw("")) {
        assertThat(said(fourth)).isEmpty();
      }
      sockets.getFirst().close();
      TestServer.await("room for another", () -> answers(server));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean answers(TestServer server) {
    try (Socket socket =
        server.raw("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
      return socket.getInputStream().read() == 'H';
    } catch (IOException refused) {
      return false;
    }
  }
}
