package dev.pledge.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the bodies of requests: JSON only, none over the limit, all together within memory. */
final class Bodies {
  /** How much of a body that is too large is read and dropped so that the client hears of it. */
  private static final long DRAINED = 8L << 20;

  private static final int FIRST = 8 * 1024;

  private static final Pattern JSON =
      Pattern.compile(
          "application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?", Pattern.CASE_INSENSITIVE);

  private static final byte[] NONE = {};

  private final Limits limits;
  private final Admission admission;

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

  /**
   * The body of {@code request}; empty for methods that have none.
   *
   * @throws ProblemFound if it is not JSON, too large, or there is no memory for it now
   */
  Body read(Route route, ServerRequest request) {
    if (!route.method().equals("POST") && !route.method().equals("PATCH")) {
      return new Body(NONE, () -> {});
    }
    long announced = request.headers().contentLength().orElse(limits.bodyBytes());
    if (announced > limits.bodyBytes()) {
      try (InputStream in = request.content().inputStream()) {
        drain(in);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read the body", e);
      }
      throw tooLarge();
    }
    requireJson(request);
    Admission.Place place = admission.body((int) announced);
    boolean read = false;
    try {
      byte[] bytes = bytes(request, (int) announced);
      read = true;
      return new Body(bytes, place);
    } finally {
      if (!read) {
        place.close();
      }
    }
  }

  private byte[] bytes(ServerRequest request, int most) {
    if (!request.content().hasEntity()) {
      return NONE;
    }
    long started = System.nanoTime();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(most, FIRST));
    byte[] buffer = new byte[FIRST];
    try (InputStream in = request.content().inputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes.write(buffer, 0, read);
        if (bytes.size() > most) {
          drain(in);
          throw tooLarge();
        }
        if (System.nanoTime() - started > limits.time().toNanos()) {
          throw tooSlow();
        }
      }
      return bytes.toByteArray();
    } catch (SocketTimeoutException e) {
      throw tooSlow();
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof SocketTimeoutException ? tooSlow() : e;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the body", e);
    }
  }

  private static void drain(InputStream in) throws IOException {
    byte[] dropped = new byte[FIRST];
    long left = DRAINED;
    int read = in.read(dropped);
    while (read >= 0 && left > 0) {
      left -= read;
      read = in.read(dropped);
    }
  }

  private static ProblemFound tooSlow() {
    return Problem.of(
            ProblemType.TOO_SLOW, "The body came too slowly; nothing was done.", "请求体到达过慢，未执行任何操作。")
        .found();
  }

  private ProblemFound tooLarge() {
    return Problem.of(
            ProblemType.BODY_TOO_LARGE,
            String.format(Locale.ROOT, "A body has at most %d bytes.", limits.bodyBytes()),
            String.format(Locale.ROOT, "请求体最多 %d 字节。", limits.bodyBytes()))
        .found();
  }

  private static void requireJson(ServerRequest request) {
    if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
      throw notJson("Send the body without a content encoding.", "请勿对请求体进行内容编码。");
    }
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    boolean json = JSON.matcher(type).matches();
    if (!json) {
      throw notJson(
          "Send the body as `Content-Type: application/json` in UTF-8.",
          "请以 UTF-8 编码的 `Content-Type: application/json` 发送请求体。");
    }
  }

  private static ProblemFound notJson(String english, String chinese) {
    return Problem.of(ProblemType.NOT_JSON, english, chinese).found();
  }
}
