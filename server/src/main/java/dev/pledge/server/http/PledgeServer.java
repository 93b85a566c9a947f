package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server over one engine. Answers from {@link #start} to {@link #close}, which lets the
 * calls at work finish first; the engine is its owner's to close. Safe for all threads.
 */
public final class PledgeServer implements AutoCloseable {
  /** How long calls at work may take to finish when the server stops. */
  public static final Duration GRACE = Duration.ofSeconds(10);

  /** The part of it that is left for closing connections. */
  private static final Duration CLOSING = Duration.ofMillis(500);

  private static final int MOST_CONNECTIONS = 2_048;
  private static final int HEADERS_TOO_LARGE = 431;
  private static final int LONGEST_HEADERS = 16 * 1024;

  /** No address takes all connections; a proxy in front is one address. */
  private static final int MOST_OF_ONE_ADDRESS = MOST_CONNECTIONS / 2;

  private static final Connection.Patience PATIENCE =
      new Connection.Patience(
          Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30));

  private static final Problem TOO_MUCH_BEFORE_THE_BODY =
      Problem.of(
          ProblemType.HEADERS_TOO_LARGE,
          "The request line or a header is too large.",
          "请求行或请求头过大。");

  private final Door door;
  private final WebServer web;
  private final Connections connections;

  private PledgeServer(Door door, WebServer web, Connections connections) {
    this.door = door;
    this.web = web;
    this.connections = connections;
  }

  /**
   * Starts answering on {@code address}; port 0 takes a free one.
   *
   * @throws java.io.UncheckedIOException if the address is taken
   */
  public static PledgeServer start(
      Pledge pledge, InetSocketAddress address, Limits limits, InstantSource clock) {
    return start(pledge, address, limits, CentreSettings.PLAIN, clock);
  }

  /** The same with a Privacy Centre that is reached in some other way. */
  public static PledgeServer start(
      Pledge pledge,
      InetSocketAddress address,
      Limits limits,
      CentreSettings settings,
      InstantSource clock) {
    return start(pledge, address, limits, PATIENCE, MOST_OF_ONE_ADDRESS, settings, clock);
  }

  static PledgeServer start(
      Pledge pledge,
      InetSocketAddress address,
      Limits limits,
      Connection.Patience patience,
      int mostOfOneAddress,
      CentreSettings settings,
      InstantSource clock) {
    Admission admission = new Admission(limits);
    Metrics metrics = new Metrics();
    Tokens tokens = new Tokens(pledge.actors(), new Budget(limits.strangers(), System::nanoTime));
    CentreEndpoints centre = CentreEndpoints.of(pledge, settings, clock);
    Door door =
        new Door(
            limits,
            admission,
            metrics,
            tokens,
            (caller, call) -> pledge.enterUncovered(caller, call.kind(), call.scope()),
            centre.door()::problem);
    List<Route> routes = Routes.all(pledge, limits, metrics, admission, centre, clock);
    Connections connections = new Connections(http(), mostOfOneAddress, patience);
    WebServer web =
        WebServer.builder()
            .bindAddress(address)
            .shutdownHook(false)
            .shutdownGracePeriod(CLOSING)
            .maxTcpConnections(MOST_CONNECTIONS)
            // The socket of the channel: reads of the channel itself know no timeout.
            .useNio(false)
            .connectionOptions(new ReadsThatEnd(SocketOptions.create(), Connection.TICK))
            .protocolsDiscoverServices(false)
            .addConnectionSelector(connections)
            // For our handlers to tell apart what has one status; nothing else passes it on.
            .errorHandling(ErrorHandling.builder().includeEntity(true).build())
            .directHandlers(PledgeServer::directHandlers)
            .routing(routing -> route(routing, routes, door))
            .build()
            .start();
    return new PledgeServer(door, web, connections);
  }

  private static ServerConnectionSelector http() {
    return Http1ConnectionSelector.builder()
        .config(
            Http1Config.builder()
                .maxHeadersSize(LONGEST_HEADERS)
                .maxPrologueLength(LONGEST_HEADERS)
                .build())
        .build();
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
    Route nowhere = Route.elsewhere("/*", call -> Answer.problem(Call.NOT_FOUND, call.language()));
    routing.any((request, response) -> door.handle(nowhere, request, response));
  }

  private static void route(
      HttpRouting.Builder routing, String template, List<Route> there, Door door) {
    // A tile's path has several parts.
    String path = template.replace("{tile}", "{+tile}");
    Set<String> allowed = new TreeSet<>();
    for (Route route : there) {
      allowed.add(route.method());
      routing.route(
          Method.create(route.method()),
          path,
          (request, response) -> door.handle(route, request, response));
      if (route.answersHead()) {
        allowed.add("HEAD");
        routing.route(
            Method.HEAD, path, (request, response) -> door.handle(route, request, response));
      }
    }
    Route other = Route.elsewhere(path, call -> notAllowed(call, String.join(", ", allowed)));
    routing.any(path, (request, response) -> door.handle(other, request, response));
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
          type,
          (request, event, status, headers, message) ->
              refused(event, refusal(status, message), headers));
    }
  }

  private static DirectHandler.TransportResponse refused(
      DirectHandler.EventType event, Problem problem, ServerResponseHeaders headers) {
    Answer.Whole answer = Answer.problem(problem, Locale.ENGLISH);
    SecurityHeaders.add(headers, answer.type());
    headers.set(HeaderNames.CONTENT_TYPE, answer.type());
    answer.headers().forEach((name, value) -> headers.set(HeaderNames.create(name), value));
    return DirectHandler.TransportResponse.builder()
        .status(status(answer.status()))
        .headers(headers)
        .keepAlive(event.keepAlive())
        .entity(answer.body())
        .build();
  }

  /** With its words, where Helidon knows none. */
  static Status status(int code) {
    return code == HEADERS_TOO_LARGE
        ? Status.create(code, "Request Header Fields Too Large")
        : Status.create(code);
  }

  /** By the status or, where that says too little, by what Helidon has to say. */
  private static Problem refusal(Status status, @Nullable String message) {
    return switch (message) {
      case "Header size exceeded" -> TOO_MUCH_BEFORE_THE_BODY;
      case "Content-Encoding header present when content encoding is disabled" ->
          Problem.of(
              ProblemType.NOT_JSON, "Send the body without a content encoding.", "请勿对请求体进行内容编码。");
      case null, default -> refusal(status);
    };
  }

  private static Problem refusal(Status status) {
    return switch (status.code()) {
      case 404 -> Call.NOT_FOUND;
      case 408 -> Problem.of(ProblemType.TOO_SLOW, "The request came too slowly.", "请求到达过慢。");
      case 413 -> Problem.of(ProblemType.BODY_TOO_LARGE, "The body is too large.", "请求体过大。");
      case 414, 431 -> TOO_MUCH_BEFORE_THE_BODY;
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
    door.close(GRACE.minus(CLOSING));
    web.stop();
    connections.close();
  }
}
