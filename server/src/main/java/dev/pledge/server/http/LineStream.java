package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON lines into an answer. The first {@value #BUFFER} bytes are held back, so that what
 * fails before they are full can still be answered with a problem. Not safe for threads.
 */
final class LineStream {
  static final int BUFFER = 16 * 1024;

  private final ServerResponse response;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(BUFFER);
  private @Nullable OutputStream out;

  LineStream(ServerResponse response) {
    this.response = response;
  }

  /**
   * Writes a line.
   *
   * @throws ClientGone if nobody reads it any more
   */
  void line(ObjectNode line) {
    waiting.writeBytes(Json.bytes(line));
    waiting.write('\n');
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
    SecurityHeaders.add(response.headers(), Answer.LINES);
    response.header(HeaderNames.CONTENT_TYPE, Answer.LINES);
  }

  /** Whether no line was written yet. */
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
