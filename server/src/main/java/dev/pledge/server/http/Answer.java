package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What a call is answered with: a status, headers and a body that is there already or streamed. */
sealed interface Answer {
  String JSON = "application/json";
  String PROBLEM = "application/problem+json";
  String LINES = "application/x-ndjson";

  /** A whole body. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Whole(int status, String type, Map<String, String> headers, byte[] body)
      implements Answer {
    public Whole {
      headers = Map.copyOf(headers);
    }

    Whole with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Whole(status, type, more, body);
    }
  }

  /**
   * A body of JSON lines written as it comes about. A problem found before the first line is the
   * answer, later on it is the last line. A failure is answered while nothing was sent, later on it
   * cuts the answer off. Either way the missing end shows that it is not whole.
   */
  record Streamed(Source source) implements Answer {}

  /**
   * A body of bytes written as it comes about. What goes wrong is answered while nothing was sent,
   * and later on cuts the answer off.
   */
  record Download(String type, Map<String, String> headers, Consumer<OutputStream> source)
      implements Answer {
    public Download {
      headers = Map.copyOf(headers);
    }
  }

  /** Writes the lines. */
  @FunctionalInterface
  interface Source {
    void write(Lines lines);
  }

  /** Where lines go. Not safe for threads. */
  interface Lines {
    /**
     * Writes a line.
     *
     * @throws ClientGone if nobody reads it any more
     */
    void line(ObjectNode line);

    /** Writes a line that refuses or finds nobody, which counts like a whole answer that does. */
    void refusal(ObjectNode line);

    /**
     * Asked before more is asked of the engine.
     *
     * @throws ProblemFound if the caller collected too many refusals
     */
    void requirePatience();
  }

  static Whole json(int status, JsonNode body) {
    return new Whole(status, JSON, Map.of(), Json.body(body));
  }

  static Whole text(String type, String body) {
    return new Whole(200, type, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  static Whole problem(Problem problem, Locale language) {
    Whole answer =
        new Whole(problem.type().status(), PROBLEM, Map.of(), Json.body(problem.json(language)))
            .with("Content-Language", language.getLanguage());
    return problem.retryAfter().isEmpty()
        ? answer
        : answer.with(
            "Retry-After", Long.toString(Math.max(1, problem.retryAfter().get().toSeconds())));
  }
}
