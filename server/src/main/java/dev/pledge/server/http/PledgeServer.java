package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The HTTP server over one engine. Answers from {@link #start} to {@link #close}, which lets the
 * calls at work finish first; the engine is its owner's to close. Safe for all threads.
 */
public final class PledgeServer implements AutoCloseable {
  /** How long calls at work may take to finish when the server stops. */
  public static final Duration GRACE = Duration.ofSeconds(10);

  private static final int MOST_CONNECTIONS = 2_048;
  private static final int LONGEST_HEADERS = 16 * 1024;
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);

  private final Door door;
  private final WebServer web;

  private PledgeServer(Door door, WebServer web) {
    this.door = door;
    this.web = web;
  }

  /**
   * Starts answering on {@code address}; port 0 takes a free one.
   *
   * @throws java.io.UncheckedIOException if the address is taken
   */
  public static PledgeServer start(
      Pledge pledge, InetSocketAddress address, Limits limits, InstantSource clock) {
    Admission admission = new Admission(limits);
    Metrics metrics = new Metrics();
    Tokens tokens = new Tokens(pledge.actors(), new Budget(limits.strangers(), System::nanoTime));
    Door door = new Door(limits, admission, metrics, tokens);
    List<Route> routes = Routes.all(pledge, limits, metrics, admission, clock);
    WebServer web =
        WebServer.builder()
            .bindAddress(address)
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .maxTcpConnections(MOST_CONNECTIONS)
            .connectionOptions(options -> options.readTimeout(READ_TIMEOUT))
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(LONGEST_HEADERS)
                    .maxPrologueLength(LONGEST_HEADERS)
                    .build())
            .directHandlers(PledgeServer::directHandlers)
            .routing(routing -> route(routing, routes, door))
            .build()
            .start();
    return new PledgeServer(door, web);
  }

  private static void route(HttpRouting.Builder routing, List<Route> routes, Door door) {
    Map<String, List<Route>> byPath =
        routes.stream()
            .collect(Collectors.groupingBy(Route::path, TreeMap::new, Collectors.toList()));
    // Paths without parameters come first, so that `/v1/subjects/lookup` is no subject's id.
    byPath.forEach(
        (path, there) -> {
          if (!path.contains("{")) {
            route(routing, path, there, door);
          }
        });
    byPath.forEach(
        (path, there) -> {
          if (path.contains("{")) {
            route(routing, path, there, door);
          }
        });
    Route nowhere = elsewhere("/*", call -> Answer.problem(Call.NOT_FOUND, call.language()));
    routing.any((request, response) -> door.handle(nowhere, request, response));
  }

  private static void route(
      HttpRouting.Builder routing, String path, List<Route> there, Door door) {
    for (Route route : there) {
      routing.route(
          Method.create(route.method()),
          path,
          (request, response) -> door.handle(route, request, response));
    }
    String allowed = there.stream().map(Route::method).sorted().collect(Collectors.joining(", "));
    Route other = elsewhere(path, call -> notAllowed(call, allowed));
    routing.any(path, (request, response) -> door.handle(other, request, response));
  }

  private static Route elsewhere(String path, Route.Endpoint endpoint) {
    return new Route("ANY", path, new Route.Access.Public(), Load.PAGE, endpoint);
  }

  private static Answer notAllowed(Call call, String allowed) {
    return Answer.problem(
            Problem.of(
                ProblemType.METHOD_NOT_ALLOWED,
                "This address takes " + allowed + ".",
                "此地址接受 " + allowed + "。"),
            call.language())
        .with("Allow", allowed);
  }

  /** What the web server itself refuses is answered like everything else. */
  private static void directHandlers(DirectHandlers.Builder handlers) {
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(
          type, (request, event, status, headers, message) -> refused(event, status, headers));
    }
  }

  private static DirectHandler.TransportResponse refused(
      DirectHandler.EventType event, Status status, ServerResponseHeaders headers) {
    Answer.Whole answer = Answer.problem(refusal(status), Locale.ENGLISH);
    SecurityHeaders.add(headers, answer.type());
    headers.set(HeaderNames.CONTENT_TYPE, answer.type());
    return DirectHandler.TransportResponse.builder()
        .status(Status.create(answer.status()))
        .headers(headers)
        .keepAlive(event.keepAlive())
        .entity(answer.body())
        .build();
  }

  private static Problem refusal(Status status) {
    return switch (status.code()) {
      case 404 -> Call.NOT_FOUND;
      case 408 -> Problem.of(ProblemType.TOO_SLOW, "The request came too slowly.", "请求到达过慢。");
      case 413 -> Problem.of(ProblemType.BODY_TOO_LARGE, "The body is too large.", "请求体过大。");
      case 414, 431 ->
          Problem.of(
              ProblemType.HEADERS_TOO_LARGE,
              "The request line or a header is too large.",
              "请求行或请求头过大。");
      case 500 ->
          Problem.of(
              ProblemType.INTERNAL,
              "Something went wrong on our side; nothing more can be said here.",
              "服务器出现故障，此处无法说明更多。");
      case 503 ->
          Problem.of(ProblemType.OVERLOADED, "Too many calls are being worked on.", "正在处理的调用过多。")
              .retryAfter(Duration.ofSeconds(1));
      default ->
          Problem.of(ProblemType.BAD_REQUEST, "This is no valid HTTP request.", "这不是有效的 HTTP 请求。");
    };
  }

  /** The port listened on. */
  public int port() {
    return web.port();
  }

  /** Lets no call in, waits for those at work, at most {@link #GRACE}, and stops. */
  @Override
  public void close() {
    door.close(GRACE);
    web.stop();
  }
}
