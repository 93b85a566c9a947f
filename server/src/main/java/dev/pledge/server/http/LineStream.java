package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes JSON lines into an answer that begins with the first of them. Not safe for threads. */
final class LineStream implements Answer.Lines {
  private static final int BUFFER = 16 * 1024;

  private final ServerResponse response;
  private @Nullable OutputStream out;

  LineStream(ServerResponse response) {
    this.response = response;
  }

  @Override
  public void line(ObjectNode line) throws IOException {
    OutputStream stream = open();
    stream.write(Json.bytes(line));
    stream.write('\n');
  }

  private OutputStream open() {
    OutputStream stream = out;
    if (stream == null) {
      SecurityHeaders.add(response.headers(), Answer.LINES);
      response.header(HeaderNames.CONTENT_TYPE, Answer.LINES);
      stream = new BufferedOutputStream(response.outputStream(), BUFFER);
      out = stream;
    }
    return stream;
  }

  boolean begun() {
    return out != null;
  }

  /** Ends the answer as whole; an answer left without this is cut off, and its client notices. */
  void finish() throws IOException {
    open().close();
  }
}
