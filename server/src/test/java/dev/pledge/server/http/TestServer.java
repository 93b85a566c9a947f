package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server as people run it, on a database of its own in a directory of its own. */
final class TestServer implements AutoCloseable {
  static final Path POLICY = Path.of("..", "policies", "emeet").toAbsolutePath().normalize();
  static final String ACCEPTED =
      "{\"policy\":\"emeet@2020-04-23\",\"evidence\":" + evidence() + "}";

  /** That a person did something just now. */
  static String evidence() {
    return """
        {"act":"checked-box","notice":"emeet@2020-04-23","language":"en","at":"%s"}
        """
        .formatted(Instant.now());
  }

  /** A budget that no test uses up by the way. */
  static final Limits.Rate MUCH = new Limits.Rate(1_000_000, 1_000_000);

  private static final Connection.Patience PATIENCE =
      new Connection.Patience(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
  private static final AtomicReference<TestServer> SHARED = new AtomicReference<>();
  private static final AtomicInteger NAMES = new AtomicInteger();

  final Path directory;
  final EmbeddedPostgres postgres;
  final Pledge pledge;
  final PledgeServer web;
  final MovingClock clock = new MovingClock();
  final HttpClient client = HttpClient.newHttpClient();
  final String backend;
  final String support;

  private TestServer(
      Path directory,
      Path policy,
      Limits limits,
      Connection.Patience patience,
      int mostOfOneAddress,
      AnchorSettings anchors,
      int logs) {
    this.directory = directory;
    this.postgres = EmbeddedPostgres.open(directory.resolve("data"), new SecureRandom());
    this.pledge =
        Pledge.open(
            new Configuration(
                    policy,
                    directory.resolve("data"),
                    directory.resolve("keys"),
                    Optional.of(postgres.connections()),
                    clock)
                .anchoredBy(anchors)
                .withLogs(logs));
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.web =
        PledgeServer.start(
            pledge, anyPort, limits, patience, mostOfOneAddress, CentreSettings.PLAIN, clock);
    this.backend =
        token(Asker.Kind.SERVICE, List.of("product-backend", "message-sender"), Scope.values());
    this.support = token(Asker.Kind.STAFF, List.of("support-agent"));
  }

  /** Time that can be made to pass. */
  static final class MovingClock implements InstantSource {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() {
      return InstantSource.system().instant().plus(ahead.get());
    }

    void advance(Duration by) {
      ahead.updateAndGet(by::plus);
    }
  }

  static TestServer start(AnchorSettings anchors) {
    return start(generous(), PATIENCE, Integer.MAX_VALUE, anchors, 1);
  }

  /** One with so many logs. */
  static TestServer withLogs(int logs) {
    return start(generous(), PATIENCE, Integer.MAX_VALUE, AnchorSettings.NONE, logs);
  }

  static TestServer start(Limits limits) {
    return start(limits, PATIENCE, Integer.MAX_VALUE);
  }

  static TestServer start(Limits limits, Connection.Patience patience, int mostOfOneAddress) {
    return start(limits, patience, mostOfOneAddress, AnchorSettings.NONE, 1);
  }

  private static TestServer start(
      Limits limits,
      Connection.Patience patience,
      int mostOfOneAddress,
      AnchorSettings anchors,
      int logs) {
    try {
      Path directory = Files.createTempDirectory("pledge-server-test");
      return new TestServer(directory, POLICY, limits, patience, mostOfOneAddress, anchors, logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One under the reference policy, words replaced by others. */
  static TestServer reworded(String... words) {
    try {
      Path directory = Files.createTempDirectory("pledge-server-test");
      Path policy = Files.createDirectory(directory.resolve("policy"));
      try (Stream<Path> files = Files.list(POLICY)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String text = Files.readString(file);
          for (int i = 0; i < words.length; i += 2) {
            text = text.replace(words[i], words[i + 1]);
          }
          Files.writeString(policy.resolve(file.getFileName()), text);
        }
      }
      return new TestServer(
          directory, policy, generous(), PATIENCE, Integer.MAX_VALUE, AnchorSettings.NONE, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One for all tests that leave it as it was; ends with the process. */
  static TestServer shared() {
    synchronized (SHARED) {
      TestServer server = SHARED.get();
      if (server == null) {
        server = start(generous());
        SHARED.set(server);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      }
      return server;
    }
  }

  /** The usual limits, with time and budgets that tests do not use up by the way. */
  static Limits generous() {
    Limits usual = Limits.usual();
    return usual
        .withTimes(Duration.ofSeconds(60), usual.streamTime())
        .withBudgets(MUCH, MUCH, MUCH);
  }

  @Override
  public void close() {
    web.close();
    pledge.close();
    postgres.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---------------------------------------------------------------- who calls

  static String name(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }

  String token(Asker.Kind kind, List<String> roles, Scope... scopes) {
    return token(name("actor"), kind, roles, Duration.ofDays(30), scopes);
  }

  String token(
      String actor, Asker.Kind kind, List<String> roles, Duration lifetime, Scope... scopes) {
    Set<Scope> covered = EnumSet.noneOf(Scope.class);
    covered.addAll(List.of(scopes));
    return pledge
        .actors()
        .create(
            new NewActor(
                new ActorId(actor),
                kind,
                roles.stream().map(RoleId::new).collect(Collectors.toSet()),
                Set.of(new ProductId("meeting"), new ProductId("calendar")),
                covered,
                Set.of(new UndertakingId("confidentiality"))),
            lifetime,
            dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test"))
        .secret();
  }

  // ---------------------------------------------------------------- calls

  /** What came back. */
  record Answered(int status, HttpResponse<byte[]> response) {
    JsonNode json() {
      return Json.ours(response.body());
    }

    String text(String pointer) {
      return json().at(pointer).asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String body() {
      return new String(response.body(), UTF_8);
    }

    List<JsonNode> lines() {
      return body().lines().map(line -> Json.ours(line.getBytes(UTF_8))).toList();
    }

    /** The last word of the problem's type. */
    String problem() {
      return text("/type").replace("urn:pledge:problem:", "");
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path))
        .timeout(Duration.ofSeconds(90));
  }

  Answered send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Answered(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answered get(String token, String path) {
    return send(request(path).header("Authorization", "Bearer " + token));
  }

  Answered post(String token, String path, String body) {
    return send(authorised(token, path).POST(BodyPublishers.ofString(body)));
  }

  /** A change under a key of its own. */
  Answered change(String token, String path, String body) {
    return change(token, "POST", path, name("key"), body);
  }

  Answered change(String token, String method, String path, String key, String body) {
    return send(
        authorised(token, path)
            .header("Idempotency-Key", key)
            .method(method, BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder authorised(String token, String path) {
    return request(path)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  /** A request of its own making, byte for byte. */
  Socket raw(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
    socket.setSoTimeout((int) PATIENCE.idle().toMillis());
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return socket;
  }

  /** Waits until the metrics say {@code line}. */
  void awaitMetric(String line) {
    await("the metrics to say " + line, () -> send(request("/metrics")).body().contains(line));
  }

  static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
    }
  }

  // ---------------------------------------------------------------- people

  /** Someone grown-up who has accepted; answers with the id. */
  String adult() {
    return registered(registration().put("birthDate", "1990-01-01"));
  }

  ObjectNode registration() {
    ObjectNode registration = Json.object();
    registration.put("product", "meeting");
    registration.putObject("aliases").put("email", name("someone") + "@example.com");
    registration.set("accepted", Json.ours(ACCEPTED.getBytes(UTF_8)));
    return registration;
  }

  String registered(ObjectNode registration) {
    Answered answered = change(backend, "/v1/subjects", registration.toString());
    if (answered.status() != 201) {
      throw new AssertionError(answered.status() + " " + answered.body());
    }
    return answered.text("/subject");
  }

  Answered collect(String subject, String values) {
    return collect(subject, "person", "", values);
  }

  Answered collect(String subject, String source, String conditions, String values) {
    return change(
        backend,
        "/v1/subjects/" + subject + "/data",
        "{\"product\":\"meeting\",\"source\":\"%s\",\"conditions\":[%s],\"values\":%s}"
            .formatted(source, conditions, values));
  }

  Answered read(String token, String subject, String purpose, String... fields) {
    return post(token, "/v1/subjects/" + subject + "/read", reading(purpose, fields));
  }

  static String reading(String purpose, String... fields) {
    return "{\"purpose\":\"%s\",\"product\":\"meeting\",\"fields\":[%s]}"
        .formatted(
            purpose,
            Stream.of(fields).map(field -> '"' + field + '"').collect(Collectors.joining(",")));
  }

  Answered promotion(String subject) {
    return post(
        backend,
        "/v1/subjects/" + subject + "/read",
        """
        {"purpose":"promotion","product":"meeting","channel":"email","fields":["contact.email"]}
        """);
  }

  Answered choose(String subject, String decision, String more) {
    return change(
        backend,
        "/v1/subjects/" + subject + "/consents",
        "{\"purpose\":\"promotion\",\"decision\":\"%s\",\"by\":\"self\",\"evidence\":%s%s}"
            .formatted(decision, evidence(), more));
  }

  static final String BY_EMAIL = ",\"product\":\"meeting\",\"channel\":\"email\"";
}
