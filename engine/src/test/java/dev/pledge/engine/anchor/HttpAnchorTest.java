package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import dev.pledge.log.NoteSigner;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP. */
class HttpAnchorTest {
  private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
  private final AtomicInteger status = new AtomicInteger(204);
  private final HttpServer server = server();

  private HttpServer server() {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.createContext(
          "/",
          exchange -> {
            posted.add(
                exchange.getRequestURI()
                    + "\n"
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
          });
      made.start();
      return made;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Kept tell(News news) {
    URI to = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/checkpoints");
    OutsideAnchor.Terms terms = new OutsideAnchor.Terms("archive", Duration.ofSeconds(60), false);
    // Nothing of the log is asked for.
    LogView nothing =
        (LogView)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LogView.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError(method.getName());
                });
    return new HttpAnchor(terms, to, Caller.usual(Reach.ANYWHERE)).tell(news, nothing);
  }

  private static News news() {
    Checkpoint checkpoint = new Checkpoint("example.com/log", 7, Hash.ofLeaf(new byte[1]));
    NoteSigner signer = new NoteSigner("example.com/log", new byte[32]);
    return new News(checkpoint, signer.sign(checkpoint.text()).encode(), 0);
  }

  @Test
  void theEndpointGetsTheNoteAsItIs() {
    News news = news();
    assertThat(tell(news)).isEqualTo(Kept.of(7));
    assertThat(posted).containsExactly("/checkpoints\n" + new String(news.note(), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 400, 401, 404, 500, 503})
  void whatIsNotTakenIsToldAndNoRedirectFollowed(int answered) {
    status.set(answered);
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> tell(news()))
        .withMessageContaining("`127.0.0.1` answered " + answered);
    assertThat(posted).hasSize(1);
  }
}
