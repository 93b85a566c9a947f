package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.log.NoteSigner;
import dev.pledge.policy.names.Clause;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code /history/proof} gave a person, verified from the command line: by itself, and in a
 * copy of the log. One server runs, gives and is copied; then it is gone.
 */
@Clause({"IV.2", "V.1"})
class MineFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVIDENCE =
      """
      {"act":"checked-box","notice":"emeet@2020-04-23","language":"en",
       "at":"2026-01-01T12:00:00Z"}
      """;

  @TempDir private static Path directory;

  /**
   * What was given, whole; and once with an entry left out, as a dishonest server would give it.
   */
  private static List<String> whole = List.of();

  private static List<String> withoutOne = List.of();
  private static String key = "";
  private static Path copy = Path.of("");

  private record Done(int code, String out, String err) {}

  private static Done run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Done(line.execute(words), out.toString(), err.toString());
  }

  @BeforeAll
  static void giveAndCopy() throws Exception {
    Path data = directory.resolve("data");
    List<String> places =
        List.of("--data", data.toString(), "--keys", directory.resolve("keys").toString());
    copy = directory.resolve("copy");
    try (RunningServer server = RunningServer.start(data, directory.resolve("keys"));
        HttpClient client = HttpClient.newHttpClient()) {
      Client person = new Client(server, client, token(places));
      String subject = person.register();
      String history = "/v1/subjects/" + subject + "/history";
      for (int i = 0; i < 3; i++) {
        person.get(history);
      }
      Placed.await(EmbeddedPostgres.attach(data));
      whole = person.proof(history, 4);
      leaveOut(data, subject);
      withoutOne = person.proof(history, 4);
      person.awaitCovered(JSON.readTree(withoutOne.getLast()).at("/receipt/entry").asText());
      key = done(places, "audit", "key").lines().findFirst().orElseThrow();
      String _ = done(places, "audit", "export", copy.toString());
    }
  }

  private static String token(List<String> places) {
    return done(
            places,
            ("token create --actor sender --kind service --role product-backend --product meeting"
                    + " --scope subjects --scope rights --policy ../policies/emeet")
                .split(" "))
        .strip();
  }

  private static String done(List<String> places, String... words) {
    Done done = run(Stream.concat(Stream.of(words), places.stream()).toArray(String[]::new));
    assertThat(done.code).as(done.err).isZero();
    return done.out;
  }

  /** As if the newest entry of the first three had never been the person's. */
  private static void leaveOut(Path data, String subject) {
    try (Database owner = Database.over(EmbeddedPostgres.attach(data).owner())) {
      int left =
          owner.read(
              handle ->
                  handle
                      .createUpdate(
                          """
                          delete from history_line
                          where subject_id = cast(:subject as uuid) and place = (
                            select place from history_line
                            where subject_id = cast(:subject as uuid)
                            order by place limit 1 offset 2)
                          """)
                      .bind("subject", subject)
                      .execute());
      assertThat(left).isEqualTo(1);
    }
  }

  private record Client(RunningServer server, HttpClient client, String token) {
    private HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create(server.url() + path))
          .timeout(Duration.ofSeconds(30))
          .header("Authorization", "Bearer " + token)
          .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return client.send(request.build(), BodyHandlers.ofString());
    }

    String get(String path) throws Exception {
      HttpResponse<String> response = send(request(path));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }

    String register() throws Exception {
      String body =
          """
          {"product":"meeting","aliases":{"external":"mine"},"birthDate":"1990-01-01",
           "accepted":{"policy":"emeet@2020-04-23","evidence":%s}}
          """
              .formatted(EVIDENCE);
      HttpResponse<String> response =
          send(
              request("/v1/subjects")
                  .header("Idempotency-Key", "mine-1")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
      return JSON.readTree(response.body()).path("subject").asText();
    }

    /** All lines, once the checkpoint covers so many entries. */
    List<String> proof(String history, int entries) throws Exception {
      long start = System.nanoTime();
      while (true) {
        List<String> lines = get(history + "/proof").lines().toList();
        if (lines.size() >= entries + 2) {
          return lines;
        }
        requireInTime(start);
      }
    }

    /** Returns once the checkpoint that is shown, and copied, covers the entry. */
    void awaitCovered(String entry) throws Exception {
      long start = System.nanoTime();
      while (send(request("/v1/audit/pledge/proof?entry=" + entry)).statusCode() != 200) {
        requireInTime(start);
      }
    }

    private static void requireInTime(long start) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
  }

  private Path file(List<String> lines) throws IOException {
    return Files.write(Files.createTempFile(directory, "mine", ".ndjson"), lines);
  }

  private Done alone(List<String> lines) throws IOException {
    return run("audit", "verify", "--mine", file(lines).toString(), "--key", key);
  }

  private Done inCopy(List<String> lines) throws IOException {
    return run("audit", "verify", copy.toString(), "--mine", file(lines).toString(), "--key", key);
  }

  /** The lines, one of them altered. */
  private static List<String> altered(int line, Consumer<ObjectNode> change) throws IOException {
    List<String> lines = new ArrayList<>(whole);
    ObjectNode json = (ObjectNode) JSON.readTree(lines.get(line));
    change.accept(json);
    lines.set(line, json.toString());
    return lines;
  }

  private static void requireWrong(Done done, int line, String what) {
    assertThat(done.code).as(done.out).isEqualTo(1);
    assertThat(done.out)
        .contains(", line " + line + ": ")
        .contains(what)
        .contains("WRONG")
        .endsWith("not sound\n");
  }

  @Test
  void theListIsVerifiedByItself() throws Exception {
    Done done = alone(whole);
    assertThat(done.code).as(done.out).isZero();
    assertThat(done.out)
        .contains("listed      " + (whole.size() - 2) + " entries about the person, of the first ")
        .contains("sound: every entry listed is in the log");
    assertThat(done.err).contains("read: ").doesNotContain("no --key given");
  }

  @Test
  void inACopyEveryEntryWithTheMarkIsListed() throws Exception {
    Done done = inCopy(whole);
    assertThat(done.code).as(done.out).isZero();
    assertThat(done.out)
        .contains("log         pledge/")
        .contains(
            "marked      "
                + (whole.size() - 2)
                + " entries of the copy have the person's mark, and ")
        .contains(" after the list was made")
        .contains("and every entry with the person's mark is listed");
    assertThat(done.err).contains("read: ", "verified: ");
  }

  @Test
  void anEntryThatTheServerLeftOutIsFoundInTheCopy() throws Exception {
    assertThat(alone(withoutOne).code).as("alone, the list cannot show it").isZero();
    Done done = inCopy(withoutOne);
    assertThat(done.code).isEqualTo(1);
    List<Long> positions = new ArrayList<>();
    for (String line : whole.subList(1, whole.size() - 1)) {
      positions.add(JSON.readTree(line).path("position").longValue());
    }
    assertThat(done.out)
        .contains("1 entries of the copy have the person's mark and are not listed, at ")
        .containsPattern("not listed, at (" + String.join("|", texts(positions)) + "); keep list");
  }

  private static List<String> texts(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).toList();
  }

  @Test
  void anAlteredLineIsNamed() throws Exception {
    JsonNode third = JSON.readTree(whole.get(3));
    requireWrong(
        alone(altered(2, json -> json.set("entry", third.get("entry")))),
        3,
        "the log does not have it there");
    requireWrong(
        alone(altered(2, json -> json.set("position", third.get("position")))), 3, "position");
    requireWrong(
        alone(altered(2, json -> json.set("proof", third.get("proof")))),
        3,
        "the proof does not lead");
    requireWrong(
        alone(altered(2, json -> json.put("checkable", false))), 3, "the list says it does not");
    requireWrong(
        alone(altered(0, json -> json.put("markKey", "AAAA"))), 1, "a mark key has 32 bytes");
    requireWrong(
        alone(
            altered(
                whole.size() - 1,
                json ->
                    json.put(
                        "statement",
                        json.path("statement").asText().replace("count ", "count 1")))),
        whole.size(),
        "signature");
  }

  @Test
  void theLastLineSaysHowManyThereAre() throws Exception {
    requireWrong(
        alone(altered(whole.size() - 1, json -> json.put("count", 1))),
        whole.size(),
        "says that 1 entries are listed");
  }

  @Test
  void aMissingLineIsFound() throws Exception {
    List<String> lines = new ArrayList<>(whole);
    lines.remove(2);
    requireWrong(alone(lines), lines.size(), "are listed");
    Done cut = alone(whole.subList(0, whole.size() - 1));
    assertThat(cut.code).isEqualTo(1);
    assertThat(cut.out).contains("the list was cut off");
  }

  @Test
  void whatCanBeNoLineIsNamed() throws Exception {
    for (String nonsense :
        List.of(
            "nonsense",
            "",
            "[]",
            "{}",
            "{\"position\":1.5,\"entry\":\"AA==\",\"checkable\":true,\"proof\":[]}",
            "{\"position\":1,\"entry\":\"?\",\"checkable\":true,\"proof\":[]}",
            "{\"position\":1,\"entry\":\"AA==\",\"checkable\":\"yes\",\"proof\":[]}",
            "{\"position\":1,\"entry\":\"AA==\",\"checkable\":true,\"proof\":[\"zz\"]}",
            "{\"position\":1,\"entry\":\"AA==\",\"checkable\":true,\"proof\":\"\"}",
            "{\"position\":1,\"position\":2,\"entry\":\"AA==\",\"checkable\":true,\"proof\":[]}",
            "{\"end\":true}",
            "{\"end\":false,\"count\":1,\"statement\":\"\"}",
            "x".repeat(5_000_000))) {
      List<String> lines = new ArrayList<>(whole);
      lines.add(2, nonsense);
      requireWrong(alone(lines), 3, "neither the beginning, nor an entry, nor the statement");
    }
  }

  @Test
  void anotherLogsKeyVouchesForNothing() throws Exception {
    String other = new NoteSigner("example.com/log", new byte[32]).verifierKey().toString();
    Done done = run("audit", "verify", "--mine", file(whole).toString(), "--key", other);
    requireWrong(done, 1, "without a signature of a known key");
    assertThat(done.out).contains(", line " + whole.size() + ": ").doesNotContain("listed  ");
  }

  @Test
  void badUsageIsTold() throws Exception {
    Path list = file(whole);
    assertThat(run("audit", "verify").err).contains("name a copy of the log, or with --mine");
    Done keyless = run("audit", "verify", "--mine", list.toString());
    assertThat(keyless.code).isEqualTo(2);
    assertThat(keyless.err).contains("give the log's verifier key with --key");
    Done receipt =
        run(
            "audit",
            "verify",
            "--mine",
            list.toString(),
            "--key",
            key,
            "--receipt",
            list.toString());
    assertThat(receipt.code).isEqualTo(2);
    assertThat(receipt.err).contains("are held against a copy of the log");
    assertThat(run("audit", "verify", "--mine", "/nowhere", "--key", key).err)
        .contains("cannot read `/nowhere`");
    Done other = alone(List.of("{}"));
    assertThat(other.code).isEqualTo(1);
    assertThat(other.err).contains("give an answer of `/history/proof`");
    assertThat(run("audit", "verify", copy.toString(), "--mine", list.toString()).err)
        .contains("no --key given");
  }
}
