package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's process is killed, or told to stop, while it works. */
class KillTest {
  /** As many as `-Dpledge.kills=` says. */
  private static final int ROUNDS = Integer.getInteger("pledge.kills", 25);

  private static final int SENDERS = 4;
  private static final long SEED = 20200423;
  private static final String EVIDENCE =
      """
      {"act":"checked-box","notice":"emeet@2020-04-23","language":"en","at":"2026-01-01T00:00:00Z"}
      """;

  @TempDir private Path directory;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Random random = new Random(SEED);
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final List<String> checkpoints = new ArrayList<>();
  private final AtomicInteger files = new AtomicInteger();
  private String token = "";

  /** What a round was told had been stored, about a person of its own. */
  private record Round(String subject, Set<Integer> acknowledged) {}

  @Test
  void everyAcknowledgedValueIsThereAndEveryValueHasItsEntry() throws Exception {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("keys");
    List<Round> rounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (RunningServer server = RunningServer.start(data, keys)) {
        if (rounds.isEmpty()) {
          token = makeToken(data, keys);
        } else {
          check(server, rounds.getLast());
        }
        rounds.add(collectUntil(server, round, server::kill));
      }
    }
    try (RunningServer server = RunningServer.start(data, keys)) {
      for (Round round : rounds) {
        check(server, round);
      }
      requireLogWhole(server, data, keys);
    }
    assertThat(rounds.stream().mapToInt(round -> round.acknowledged.size()).sum())
        .as("values acknowledged in all rounds, seed %d", SEED)
        .isGreaterThan(ROUNDS);
  }

  /**
   * Whatever was killed when: the log is one that goes on from every checkpoint there was, and has
   * every entry that was promised.
   */
  private void requireLogWhole(RunningServer server, Path data, Path keys) throws Exception {
    List<String> verify = new ArrayList<>(List.of("audit", "verify"));
    Path copy = directory.resolve("copy");
    verify.add(copy.toString());
    List<String> places = List.of("--data", data.toString(), "--keys", keys.toString());
    verify.addAll(List.of("--key", run(with(places, "audit", "key")).strip()));
    for (String checkpoint : checkpoints) {
      verify.addAll(List.of("--checkpoint", file("checkpoint", checkpoint)));
    }
    assertThat(answers).hasSizeGreaterThan(ROUNDS);
    for (String answer : answers) {
      verify.addAll(List.of("--receipt", file("answer", answer)));
      awaitCovered(server, mapper.readTree(answer).at("/receipt/entry").asText());
    }
    run(with(places, "audit", "export", copy.toString()));
    assertThat(run(verify.toArray(String[]::new))).contains("sound: every entry");
  }

  private static String[] with(List<String> places, String... words) {
    return Stream.concat(Stream.of(words), places.stream()).toArray(String[]::new);
  }

  private String file(String kind, String content) throws IOException {
    return Files.writeString(directory.resolve(kind + files.incrementAndGet()), content).toString();
  }

  private static String run(String... words) {
    StringWriter out = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    assertThat(line.execute(words)).as(out.toString()).isZero();
    return out.toString();
  }

  private void awaitCovered(RunningServer server, String entry) throws Exception {
    long start = System.nanoTime();
    while (get(server, "/v1/audit/pledge/proof?entry=" + entry) != 200) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("a receipt's promise is kept")
          .isLessThan(Duration.ofSeconds(60));
      Thread.onSpinWait();
    }
  }

  private int get(RunningServer server, String path) throws Exception {
    return client.send(request(server, path).build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void serverToldToStopLosesNothingAcknowledgedAndSaysSo() throws Exception {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("keys");
    Round round;
    try (RunningServer server = RunningServer.start(data, keys)) {
      token = makeToken(data, keys);
      round = collectUntil(server, 0, server::stop);
      // 128 and SIGTERM.
      assertThat(server.stop()).isEqualTo(143);
    }
    try (RunningServer server = RunningServer.start(data, keys)) {
      check(server, round);
    }
  }

  private static String makeToken(Path data, Path keys) {
    return run(
            "token",
            "create",
            "--actor",
            "sender",
            "--kind",
            "service",
            "--role",
            "product-backend",
            "--product",
            "meeting",
            "--scope",
            "subjects",
            "--scope",
            "rights",
            "--policy",
            Path.of("..", "policies", "emeet").toString(),
            "--data",
            data.toString(),
            "--keys",
            keys.toString())
        .strip();
  }

  private Round collectUntil(RunningServer server, int round, Runnable end) throws Exception {
    String subject = register(server, round);
    Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    AtomicInteger numbers = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(5 + random.nextInt(60));
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> sending = new ArrayList<>();
      for (int sender = 0; sender < SENDERS; sender++) {
        sending.add(
            senders.submit(
                () -> {
                  while (collect(server, subject, numbers.incrementAndGet(), acknowledged)) {
                    enough.countDown();
                  }
                }));
      }
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      checkpoints.add(
          client
              .send(request(server, "/v1/audit/pledge/checkpoint").build(), BodyHandlers.ofString())
              .body());
      end.run();
      for (Future<?> one : sending) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    return new Round(subject, acknowledged);
  }

  private String register(RunningServer server, int round) throws Exception {
    String body =
        """
        {"product":"meeting","aliases":{"external":"round-%d"},"birthDate":"1990-01-01",
         "accepted":{"policy":"emeet@2020-04-23","evidence":%s},
         "consents":[{"purpose":"recommendation","decision":"granted","product":"meeting","by":"self",
                      "evidence":%s}]}
        """
            .formatted(round, EVIDENCE, EVIDENCE);
    HttpResponse<String> response = change(server, "/v1/subjects", "round-" + round, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return mapper.readTree(response.body()).path("subject").asText();
  }

  /** Sends one value; false when the server has gone. */
  private boolean collect(
      RunningServer server, String subject, int number, Set<Integer> acknowledged) {
    String body =
        """
        {"product":"meeting","source":"product-use","values":{"log.feature-use":[
          {"observedAt":"2026-11-01T00:00:00Z","value":{"event":"sent","attributes":{"n":%d}}}]}}
        """
            .formatted(number);
    try {
      HttpResponse<String> response =
          change(server, "/v1/subjects/" + subject + "/data", subject + number, body);
      assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
      if (response.statusCode() == 200) {
        acknowledged.add(number);
        answers.add(response.body());
      }
      return true;
    } catch (IOException gone) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void check(RunningServer server, Round round) throws Exception {
    Set<Integer> stored = new TreeSet<>();
    JsonNode read =
        mapper.readTree(
            post(
                    server,
                    "/v1/subjects/" + round.subject + "/read",
                    """
                    {"purpose":"recommendation","product":"meeting","fields":["log.feature-use"],
                     "limit":1000}
                    """)
                .body());
    for (JsonNode value : read.at("/values/log.feature-use/values")) {
      assertThat(stored.add(value.at("/value/attributes/n").asInt())).as("stored once").isTrue();
    }
    assertThat(stored).as("acknowledged, seed %d", SEED).containsAll(round.acknowledged);
    assertThat(entries(server, round.subject))
        .as("entries, seed %d", SEED)
        .isEqualTo(stored.size());
  }

  /** How many collections the log has about the person. */
  private int entries(RunningServer server, String subject) throws Exception {
    int entries = 0;
    String cursor = "";
    while (true) {
      HttpResponse<String> response =
          client.send(
              request(server, "/v1/subjects/" + subject + "/history?limit=200" + cursor).build(),
              BodyHandlers.ofString());
      JsonNode page = mapper.readTree(response.body());
      for (JsonNode item : page.path("items")) {
        boolean collected =
            item.path("act").asText().equals("collect")
                && item.at("/fields/0/field").asText().equals("log.feature-use");
        entries += collected ? item.at("/fields/0/count").asInt() : 0;
      }
      if (!page.has("next")) {
        return entries;
      }
      cursor = "&cursor=" + page.path("next").asText();
    }
  }

  private HttpRequest.Builder request(RunningServer server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> post(RunningServer server, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(server, path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> change(RunningServer server, String path, String key, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(server, path)
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
