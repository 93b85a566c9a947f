package dev.pledge.server.http;

import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.rights.Rights;
import dev.pledge.server.http.Route.Content;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Reads the bodies of requests: JSON, a form of ours, or a document where a call takes one; none
 * over the limit, all together within memory.
 */
final class Bodies {
  /** How much of a body that is not wanted is read and dropped, so that the client hears of it. */
  private static final long DRAINED = 8L << 20;

  private static final Duration DRAINING = Duration.ofSeconds(2);
  private static final int MOST_DRAINING = 8;

  /** A body in chunks may come as this many bytes for each of its own. */
  private static final long MOST_FRAMING = 2;

  private static final int FIRST = 8 * 1024;

  // Measured by a test: the bytes themselves, copied as they come, their texts, and the tree.
  private static final int BYTES_FOR_A_BYTE = 8;
  private static final int BYTES_FOR_A_TOKEN = 200;

  /** As it comes, as it is sealed, and as it is written to the database. */
  private static final int BYTES_FOR_A_BYTE_KEPT = 4;

  private static final Pattern JSON =
      Pattern.compile(
          "application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern FORM =
      Pattern.compile(
          "application/x-www-form-urlencoded\\s*(;\\s*charset\\s*=\\s*utf-8\\s*)?",
          Pattern.CASE_INSENSITIVE);

  private static final Body NONE = new Body(new byte[0], () -> {});

  private final Limits limits;
  private final Admission admission;
  private final Semaphore draining = new Semaphore(MOST_DRAINING);

  Bodies(Limits limits, Admission admission) {
    this.limits = limits;
    this.admission = admission;
  }

  /** A body and the memory it was granted. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Body(byte[] bytes, Admission.Place place) implements AutoCloseable {
    @Override
    public void close() {
      place.close();
    }
  }

  /** The memory that a body of {@code bytes} may take until its call is answered. */
  static int cost(int bytes) {
    return BYTES_FOR_A_BYTE * bytes + BYTES_FOR_A_TOKEN * Math.min(bytes, Json.MOST_TOKENS);
  }

  /** What a body is given up with whose end cannot be told, so that nothing can follow it. */
  @SuppressWarnings("serial") // never leaves this process
  static final class Endless extends RuntimeException {
    Endless(RuntimeException cause) {
      super("a body came in chunks that cannot be told apart", cause, false, false);
    }

    Problem problem() {
      return Problem.of(
          ProblemType.BAD_REQUEST,
          "The chunks of the body cannot be read; send each as its size in hexadecimal and that many"
              + " bytes, without extensions and trailers.",
          "无法读取请求体的分块；每块应为十六进制长度及相应字节，不含扩展与尾部字段。");
    }
  }

  /**
   * The body of {@code request}; empty for calls that take none.
   *
   * @param caller whose share of the memory it takes
   * @throws ProblemFound if the call takes none, if it is not JSON, too large, too slow, or if
   *     there is no memory for it now
   * @throws Endless if it is no valid HTTP
   * @throws ClientGone if it does not come to its end
   */
  Body read(Route route, ServerRequest request, String caller) {
    if (!route.takesBody()) {
      requireNoBody(route, request);
      return NONE;
    }
    Content content = route.content();
    if (request.headers().contentLength().orElse(0) > most(content)) {
      throw tooLarge(content);
    }
    requireType(content, request);
    if (!request.content().hasEntity()) {
      return NONE;
    }
    Admission.Memory memory = admission.memory(caller);
    boolean read = false;
    try {
      // A chunk is held back until it is whole: what has come in counts, not what was handed over.
      Connection.bodyWithin(limits.time(), received -> grant(content, memory, received));
      byte[] bytes = bytes(content, request, memory);
      read = true;
      return new Body(bytes, memory);
    } catch (Connection.TooSlow e) {
      throw Problem.of(
              ProblemType.TOO_SLOW,
              "The body came too slowly; nothing was done.",
              "请求体到达过慢，未执行任何操作。")
          .found();
    } finally {
      if (!read) {
        memory.close();
      }
    }
  }

  private int most(Content content) {
    return switch (content) {
      case JSON, FORM -> limits.bodyBytes();
      case DOCUMENT -> Rights.LARGEST_DOCUMENT;
    };
  }

  private static int cost(Content content, int bytes) {
    return switch (content) {
      case JSON, FORM -> cost(bytes);
      case DOCUMENT -> BYTES_FOR_A_BYTE_KEPT * bytes;
    };
  }

  private void grant(Content content, Admission.Memory memory, long received) {
    if (received > MOST_FRAMING * most(content)) {
      throw tooLarge(content);
    }
    memory.growTo(cost(content, (int) Math.min(received, most(content))));
  }

  // The stream is not closed: that would wait for more.
  private byte[] bytes(Content content, ServerRequest request, Admission.Memory memory) {
    byte[] bytes = new byte[FIRST];
    int size = 0;
    try {
      InputStream in = request.content().inputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes, size, bytes.length - size)) {
        size += read;
        if (size > most(content)) {
          throw tooLarge(content);
        }
        memory.growTo(cost(content, size));
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.min(2 * size, most(content) + 1));
        }
      }
      return Arrays.copyOf(bytes, size);
    } catch (ProblemFound | Connection.TooSlow e) {
      throw e;
    } catch (RequestException
        | IllegalArgumentException
        | IllegalStateException
        | DataReader.IncorrectNewLineException e) {
      throw new Endless(e);
    } catch (IOException | RuntimeException e) {
      throw new ClientGone(e);
    }
  }

  /**
   * Whether nothing of {@code request} is left to read. What is left is read and dropped, for a
   * moment and within the time the body has: most clients read an answer only when they have sent
   * all. If something is left after that, the connection is of no use any more.
   */
  boolean drained(ServerRequest request) {
    if (request.content().consumed()) {
      return true;
    }
    // A client that waits to be told to go on is not.
    if (!request.continueSent() || !draining.tryAcquire()) {
      return false;
    }
    try {
      Connection.bodyWithin(DRAINING, Bodies::requireLittle);
      request.content().consume();
      return true;
    } catch (RuntimeException tooMuchTooSlowOrGone) {
      return false;
    } finally {
      draining.release();
    }
  }

  private static void requireLittle(long received) {
    if (received > DRAINED) {
      throw new Connection.TooSlow();
    }
  }

  private ProblemFound tooLarge(Content content) {
    return Problem.of(
            ProblemType.BODY_TOO_LARGE,
            String.format(Locale.ROOT, "A body has at most %d bytes.", most(content)),
            String.format(Locale.ROOT, "请求体最多 %d 字节。", most(content)))
        .found();
  }

  /** What is not looked at is not let by: it may be meant to change what the call does. */
  private static void requireNoBody(Route route, ServerRequest request) {
    if (!route.isElsewhere() && request.content().hasEntity()) {
      throw Problem.of(
              ProblemType.BAD_REQUEST, "This call takes no body; send none.", "此调用不接受请求体，请勿发送。")
          .found();
    }
  }

  private static void requireType(Content content, ServerRequest request) {
    List<String> types = request.headers().all(HeaderNames.CONTENT_TYPE, List::of);
    if (types.size() > 1) {
      throw Problem.of(
              ProblemType.BAD_REQUEST, "Send one `Content-Type`.", "请只发送一个 `Content-Type`。")
          .found();
    }
    String type = types.isEmpty() ? "" : types.get(0);
    switch (content) {
      case JSON -> requireJson(type);
      case DOCUMENT -> requireDocument(type);
      case FORM -> requireForm(type);
    }
  }

  private static void requireDocument(String type) {
    if (DocumentType.ofMedia(type).isEmpty()) {
      throw Problem.of(
              ProblemType.NOT_A_DOCUMENT,
              "Send the file itself as `Content-Type: application/pdf`, `image/png` or"
                  + " `image/jpeg`.",
              "请以 `application/pdf`、`image/png` 或 `image/jpeg` 类型直接发送文件。")
          .found();
    }
  }

  private static void requireJson(String type) {
    if (!JSON.matcher(type).matches()) {
      throw Problem.of(
              ProblemType.NOT_JSON,
              "Send the body as `Content-Type: application/json` in UTF-8.",
              "请以 UTF-8 编码的 `Content-Type: application/json` 发送请求体。")
          .found();
    }
  }

  private static void requireForm(String type) {
    if (!FORM.matcher(type).matches()) {
      throw Problem.of(
              ProblemType.BAD_REQUEST, "This address takes the form of its page.", "此地址仅接受其页面上的表单。")
          .found();
    }
  }
}
