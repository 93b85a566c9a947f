package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes JSON lines into an answer. Not safe for threads. */
final class LineStream {
  private final AnswerStream out;

  LineStream(AnswerStream out) {
    this.out = out;
  }

  /**
   * Writes a line.
   *
   * @throws ClientGone if nobody reads it any more
   */
  void line(ObjectNode line) {
    byte[] bytes = Json.bytes(line);
    out.write(bytes, 0, bytes.length);
    out.write('\n');
  }
}
