package dev.pledge.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as it comes about. The first {@value #BUFFER} bytes are held back, so that what
 * fails before they are full can still be answered with a problem. Closing it does nothing: an
 * answer is whole once it is {@linkplain #finish finished}. Not safe for threads.
 */
final class AnswerStream extends OutputStream {
  static final int BUFFER = 16 * 1024;

  private final ServerResponse response;
  private final String type;
  private final Map<String, String> headers;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(BUFFER);
  private @Nullable OutputStream out;

  AnswerStream(ServerResponse response, String type, Map<String, String> headers) {
    this.response = response;
    this.type = type;
    this.headers = headers;
  }

  @Override
  public void write(int b) {
    waiting.write(b);
    sendFull();
  }

  /**
   * Writes bytes.
   *
   * @throws ClientGone if nobody reads them any more
   */
  @Override
  public void write(byte[] bytes, int from, int length) {
    waiting.write(bytes, from, length);
    sendFull();
  }

  private void sendFull() {
    if (waiting.size() >= BUFFER) {
      sending(() -> waiting.writeTo(open()));
      waiting.reset();
    }
  }

  private OutputStream open() {
    OutputStream stream = out;
    if (stream == null) {
      head();
      stream = response.outputStream();
      out = stream;
    }
    return stream;
  }

  private void head() {
    SecurityHeaders.add(response.headers(), type);
    response.header(HeaderNames.CONTENT_TYPE, type);
    headers.forEach((name, value) -> response.header(name, value));
  }

  /** Whether nothing was written yet. */
  boolean isEmpty() {
    return out == null && waiting.size() == 0;
  }

  /** Whether something was sent, so that no other answer can be given. */
  boolean begun() {
    return out != null;
  }

  /** Ends the answer as whole; an answer left without this is cut off, and its client notices. */
  void finish() {
    if (out == null) {
      head();
      sending(() -> response.send(waiting.toByteArray()));
    } else {
      sending(
          () -> {
            OutputStream stream = open();
            waiting.writeTo(stream);
            stream.close();
          });
    }
  }

  private interface Sending {
    void run() throws IOException;
  }

  private static void sending(Sending sending) {
    try {
      sending.run();
    } catch (IOException | UncheckedIOException | CloseConnectionException e) {
      throw new ClientGone(e);
    }
  }
}
