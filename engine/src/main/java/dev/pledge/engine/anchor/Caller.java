package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends one HTTP request and reads its answer, over a connection of its own.
 *
 * <p>The host's name is looked up once: what was found not to be private is what is called, and
 * with TLS the certificate has to be the name's. No redirect is followed. The whole takes no longer
 * than its patience, however slowly the other side speaks, and an answer has at most 64 KiB.
 *
 * @param reach which addresses are called
 * @param tls how the other side is told to be whom it says it is
 */
record Caller(Reach reach, SSLSocketFactory tls, Duration patience) {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_LINE = 8 * 1024;
  private static final int MAX_LINES = 200;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final int HEX = 16;

  /** What was answered. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Answer(int status, String contentType, byte[] body) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  /** With the trust of this machine, and a patience of ten seconds. */
  static Caller usual(Reach reach) {
    return new Caller(
        reach, (SSLSocketFactory) SSLSocketFactory.getDefault(), Duration.ofSeconds(10));
  }

  /**
   * Posts a body.
   *
   * @throws AnchorFailed if there was no answer, or one that is none of HTTP
   */
  Answer post(URI to, String contentType, byte[] body) {
    List<InetAddress> addresses = reach.addresses(to.getHost());
    Deadline deadline = new Deadline(patience);
    try (deadline;
        Socket socket = connected(to, addresses, deadline)) {
      socket.getOutputStream().write(request(to, contentType, body));
      socket.getOutputStream().flush();
      return answer(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw failed(to.getHost(), deadline, e);
    }
  }

  private AnchorFailed failed(String host, Deadline deadline, IOException failure) {
    if (deadline.isOver()) {
      return new AnchorFailed(
          "`" + host + "` did not answer within " + patience.toSeconds() + " s");
    }
    return new AnchorFailed(
        failure instanceof SSLException
            ? "`" + host + "` does not show a certificate that is trusted and its own"
            : "the connection to `" + host + "` failed");
  }

  private Socket connected(URI to, List<InetAddress> addresses, Deadline deadline)
      throws IOException {
    boolean secure = to.getScheme().equals("https");
    int port = to.getPort() >= 0 ? to.getPort() : secure ? HTTPS : HTTP;
    Socket socket = connected(addresses, port, deadline);
    if (!secure) {
      return socket;
    }
    try {
      SSLSocket secured = (SSLSocket) tls.createSocket(socket, to.getHost(), port, true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      return secured;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket connected(List<InetAddress> addresses, int port, Deadline deadline)
      throws IOException {
    IOException last = new IOException("no address");
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        deadline.cutsOff(socket);
        socket.connect(new InetSocketAddress(address, port));
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  private static byte[] request(URI to, String contentType, byte[] body) {
    String target = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
    if (to.getRawQuery() != null) {
      target += "?" + to.getRawQuery();
    }
    String host = to.getPort() >= 0 ? to.getHost() + ":" + to.getPort() : to.getHost();
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST "
                + target
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nUser-Agent: pledge\r\nContent-Type: "
                + contentType
                + "\r\nContent-Length: "
                + body.length
                + "\r\nConnection: close\r\n\r\n")
            .getBytes(US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }

  // ---------------------------------------------------------------------- what comes back

  private static Answer answer(InputStream in) throws IOException {
    while (true) {
      int status = status(line(in));
      String contentType = "";
      long length = -1;
      boolean chunked = false;
      int lines = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        if (colon <= 0 || ++lines > MAX_LINES) {
          throw malformed();
        }
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
          case "content-type" -> contentType = value;
          case "content-length" -> length = number(value, 10);
          case "transfer-encoding" -> chunked = requireChunked(value);
          default -> {}
        }
      }
      // An interim answer is followed by the one that counts.
      if (status >= 200) {
        return new Answer(status, contentType, body(in, length, chunked));
      }
    }
  }

  private static int status(String line) {
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw malformed();
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static boolean requireChunked(String encoding) {
    if (!encoding.equalsIgnoreCase("chunked")) {
      throw malformed();
    }
    return true;
  }

  private static byte[] body(InputStream in, long length, boolean chunked) throws IOException {
    if (chunked) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (long size = chunk(in); size > 0; size = chunk(in)) {
        body.writeBytes(exactly(in, requireRoom(body.size() + size) - body.size()));
        if (!line(in).isEmpty()) {
          throw malformed();
        }
      }
      return body.toByteArray();
    }
    if (length >= 0) {
      return exactly(in, requireRoom(length));
    }
    byte[] body = in.readNBytes(MAX_BODY + 1);
    return exactly(body, requireRoom(body.length));
  }

  private static byte[] exactly(byte[] body, int length) {
    if (body.length != length) {
      throw malformed();
    }
    return body;
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    return exactly(in.readNBytes(length), length);
  }

  private static int requireRoom(long length) {
    if (length > MAX_BODY) {
      throw new AnchorFailed("the answer is longer than 64 KiB; see whether the address is right");
    }
    return (int) length;
  }

  private static long chunk(InputStream in) throws IOException {
    String line = line(in);
    int extension = line.indexOf(';');
    return number((extension < 0 ? line : line.substring(0, extension)).strip(), HEX);
  }

  private static long number(String text, int radix) {
    if (!text.matches("[0-9a-fA-F]{1,8}")) {
      throw malformed();
    }
    try {
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() == MAX_LINE) {
        throw malformed();
      }
      line.write(next);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static AnchorFailed malformed() {
    return new AnchorFailed("the answer is none of HTTP/1.1; see whether the address is right");
  }

  // ---------------------------------------------------------------------------------- time

  /**
   * Closes sockets when time is over, whatever they are at. A time-out of theirs would begin anew
   * with each byte that comes, of which TLS needs many before it gives one.
   */
  private static final class Deadline implements AutoCloseable {
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    Deadline(Duration patience) {
      var _ = over.completeOnTimeout(true, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** From now on. */
    void cutsOff(Socket socket) {
      var _ = over.thenRun(() -> close(socket));
    }

    boolean isOver() {
      return over.isDone() && !over.isCancelled();
    }

    @Override
    public void close() {
      over.cancel(false);
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // Nothing of it is used any more.
      }
    }
  }
}
