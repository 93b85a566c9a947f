package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallingTest {
  private static final byte[] BODY = "hello\n".getBytes(UTF_8);

  private static Caller caller(Duration patience) {
    return new Caller(Reach.ANYWHERE, (SSLSocketFactory) SSLSocketFactory.getDefault(), patience);
  }

  /** Answers every connection with the same bytes, and keeps it open. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket;

    Server(String answer) throws IOException {
      this(out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    interface Answering {
      void answer(OutputStream out) throws IOException, InterruptedException;
    }

    Server(Answering answering) throws IOException {
      socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket taken = socket.accept()) {
                  answering.answer(taken.getOutputStream());
                  taken.getOutputStream().flush();
                  taken.shutdownOutput();
                  taken.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The client went away.
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/a?b=c");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aRealServerGetsTheRequestAsItIsMeant() throws IOException {
    AtomicReference<String> seen = new AtomicReference<>("");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          seen.set(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          // Of unknown length, and so in chunks.
          exchange.sendResponseHeaders(201, 0);
          exchange.getResponseBody().write("y".repeat(20_000).getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    try {
      URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/a?b=c");
      Caller.Answer answer = caller(Duration.ofSeconds(10)).post(uri, "text/plain", BODY);
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.body()).hasSize(20_000);
      assertThat(seen.get()).isEqualTo("POST /a?b=c text/plain hello\n");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200\r\n\r\nok",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nokay",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;x=y\no\n1\nk\n0\n\n",
      })
  void answersAreRead(String answer) throws IOException {
    try (Server server = new Server(answer)) {
      Caller.Answer read = caller(Duration.ofSeconds(10)).post(server.uri(), "text/plain", BODY);
      assertThat(read.status()).isEqualTo(200);
      assertThat(new String(read.body(), UTF_8)).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: fa\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
      })
  void whatIsNoAnswerIsTold(String answer) throws IOException {
    try (Server server = new Server(answer)) {
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(10)).post(server.uri(), "text/plain", BODY))
          .withMessageContaining("see whether the address is right");
    }
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws IOException {
    byte[] some = new byte[10_000];
    try (Server server =
        new Server(
            out -> {
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
              for (int i = 0; i < 100; i++) {
                out.write(some);
              }
            })) {
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(10)).post(server.uri(), "text/plain", BODY))
          .withMessageContaining("longer than 64 KiB");
    }
  }

  @Test
  void whoeverSpeaksSlowlyIsNotListenedToForLong() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (Server server =
        new Server(
            out -> {
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
              for (int i = 0; i < 1000; i++) {
                out.write('x');
                out.flush();
                never.await(50, TimeUnit.MILLISECONDS);
              }
            })) {
      long start = System.nanoTime();
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(1)).post(server.uri(), "text/plain", BODY))
          .withMessageContaining("did not answer within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void whoeverSpeaksTlsSlowlyIsNotListenedToForLong() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (Server server =
        new Server(
            out -> {
              // A record of a handshake, of 8 KiB.
              out.write(new byte[] {0x16, 0x03, 0x03, 0x20, 0x00});
              for (int i = 0; i < 400; i++) {
                out.write(0);
                out.flush();
                never.await(50, TimeUnit.MILLISECONDS);
              }
            })) {
      URI secure = URI.create(server.uri().toString().replace("http:", "https:"));
      long start = System.nanoTime();
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(1)).post(secure, "text/plain", BODY))
          .withMessageContaining("did not answer within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void whoeverHasNoCertificateIsNotSpokenTo() throws IOException {
    try (Server server = new Server("HTTP/1.1 200 OK\r\n\r\n")) {
      URI secure = URI.create(server.uri().toString().replace("http:", "https:"));
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(10)).post(secure, "text/plain", BODY))
          .withMessageContaining("certificate");
    }
  }

  @Test
  void aCertificateHasToBeTrustedAndTheNames(@TempDir Path directory) throws Exception {
    SSLContext ours = selfSigned(directory.resolve("keys"));
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(ours));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String port = ":" + server.getAddress().getPort();
      Caller trusting = new Caller(Reach.ANYWHERE, ours.getSocketFactory(), Duration.ofSeconds(10));
      URI named = URI.create("https://localhost" + port);
      assertThat(trusting.post(named, "text/plain", BODY).status()).isEqualTo(200);
      for (String host : new String[] {"127.0.0.1", "localhost.localdomain"}) {
        assertThatExceptionOfType(AnchorFailed.class)
            .isThrownBy(
                () -> trusting.post(URI.create("https://" + host + port), "text/plain", BODY));
      }
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> caller(Duration.ofSeconds(10)).post(named, "text/plain", BODY))
          .withMessageContaining("certificate");
    } finally {
      server.stop(0);
    }
  }

  /** Keys for {@code localhost}, and trust in them alone. */
  private static SSLContext selfSigned(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance(file.toFile(), password);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, password);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void privateAddressesAreNotCalledUnlessThatIsMeant() throws IOException {
    try (Server server = new Server("HTTP/1.1 200 OK\r\n\r\n")) {
      assertThatExceptionOfType(AnchorFailed.class)
          .isThrownBy(() -> Caller.usual(Reach.PUBLIC).post(server.uri(), "text/plain", BODY))
          .withMessageContaining("allow-private: true");
    }
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> Reach.PUBLIC.addresses("no-such-host.invalid"))
        .withMessageContaining("found no address");
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8,true",
    "198.41.0.4,true",
    "2a00:1450:4001::1,true",
    "2606:4700::1111,true",
    "0.0.0.0,false",
    "0.1.2.3,false",
    "10.1.2.3,false",
    "100.64.0.1,false",
    "127.0.0.1,false",
    "169.254.169.254,false",
    "172.16.0.1,false",
    "192.0.0.8,false",
    "192.0.2.1,false",
    "192.88.99.1,false",
    "192.168.1.1,false",
    "198.18.0.1,false",
    "198.51.100.1,false",
    "203.0.113.1,false",
    "224.0.0.1,false",
    "255.255.255.255,false",
    "::,false",
    "::1,false",
    "::ffff:10.0.0.1,false",
    "64:ff9b::a00:1,false",
    "2001::1,false",
    "2001:db8::1,false",
    "2002:a00:1::,false",
    "3fff::1,false",
    "fc00::1,false",
    "fd12::1,false",
    "fe80::1,false",
    "ff02::1,false"
  })
  void addressesThatAreNotPublicAreKnown(String address, boolean isPublic) throws IOException {
    assertThat(Reach.isPublic(InetAddress.getByName(address))).isEqualTo(isPublic);
  }
}
