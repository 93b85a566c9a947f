package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pledge.engine.keys.FileRootKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pledge up} as a process: where it looks, and what people see when it cannot start. */
final class UpTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");

  @TempDir private Path directory;

  private record Seen(int code, String words) {}

  /** Runs a command that is expected to end, and hands over all it wrote. */
  private Seen see(String... arguments) throws IOException, InterruptedException {
    Path written = Files.createTempFile(directory, "seen", ".txt");
    Process process =
        RunningServer.command(Map.of(), arguments)
            .redirectErrorStream(true)
            .redirectOutput(written.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroy();
    assertThat(ended).as("the command ends").isTrue();
    return new Seen(process.exitValue(), Files.readString(written));
  }

  /** It says these words, in a line of its own beside the greeting and the farewell. */
  private static void assertRefused(Seen seen, String... words) {
    assertThat(seen.code).as(seen.words).isEqualTo(1);
    assertThat(seen.words.lines().filter(line -> line.startsWith("pledge: ")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).contains(words));
    assertThat(seen.words).doesNotContain("Exception", "\tat ", "\"level\"", "should not");
  }

  private Seen up(Path data, Path keys, String... more) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("up", "--port", "0", "--data", data.toString(), "--keys", keys.toString()));
    arguments.addAll(List.of(more));
    return see(arguments.toArray(String[]::new));
  }

  @Test
  void variablesSayWhereAndOthersAreToldThatItIsTaken() throws Exception {
    Path data = directory.resolve("my data");
    Map<String, String> variables =
        Map.of(
            "PLEDGE_DATA",
            data.toString(),
            "PLEDGE_KEYS",
            "",
            "PLEDGE_POLICY",
            POLICY.toString(),
            "PLEDGE_PORT",
            "0",
            "PLEDGE_HOST",
            "127.0.0.2");
    try (RunningServer server = RunningServer.start(variables, "up")) {
      URI url = URI.create(server.url());
      assertThat(url.getHost()).isEqualTo("127.0.0.2");
      assertThat(data.resolve("pg")).isDirectory();
      assertThat(directory.resolve("my data-keys")).isDirectory();

      assertRefused(
          up(data, directory.resolve("my data-keys")),
          "`" + data + "` is in use by process " + server.pid() + "; stop it first");
      String port = Integer.toString(url.getPort());
      assertRefused(
          see("up", "--host", "127.0.0.2", "--port", port), "port " + port, "use --port N");
    }
  }

  @Test
  void logsAreAskedForByOptionAndByVariable() throws Exception {
    Path data = directory.resolve("data");
    for (String none : List.of("0", "17", "two")) {
      Seen seen = up(data, directory.resolve("keys"), "--logs", none);
      assertThat(seen.code).as(seen.words).isEqualTo(2);
    }
    assertThat(data).doesNotExist();
    Map<String, String> variables =
        Map.of("PLEDGE_DATA", data.toString(), "PLEDGE_PORT", "0", "PLEDGE_LOGS", "3");
    assertThat(logs(variables, "up")).containsExactly("pledge", "pledge-2", "pledge-3");
    assertThat(logs(variables, "up", "--logs", "1"))
        .as("what was begun goes on")
        .containsExactly("pledge", "pledge-2", "pledge-3");
  }

  private static List<String> logs(Map<String, String> variables, String... arguments)
      throws Exception {
    try (RunningServer server = RunningServer.start(variables, arguments);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/audit")).build();
      String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      List<String> names = new ArrayList<>();
      new ObjectMapper()
          .readTree(body)
          .path("items")
          .forEach(log -> names.add(log.path("name").asText()));
      return names;
    }
  }

  @Test
  void usedDataDoNotStartWithoutTheirRootKeyOrWithAnother() throws Exception {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("keys");
    RunningServer.start(data, keys).close();
    Path root = keys.resolve("root");

    Files.move(root, directory.resolve("away"));
    assertRefused(
        up(data, keys),
        "no root key in `" + root + "`; name the directory of the keys with --keys");

    FileRootKey.create(root, data, new SecureRandom()).close();
    assertRefused(up(data, keys), "root key");
  }

  @Test
  void demonstrationOnAnotherPolicyIsRefusedWithTheRemedy() throws Exception {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("keys");

    Path other = policy("other", text -> text.replace("support-agent:", "helper:"));
    assertRefused(
        up(data, keys, "--demo", "--policy", other.toString()),
        "`emeet@2020-04-23` is not the one the demonstration uses; leave --demo out");

    Path stricter =
        policy(
            "stricter", text -> text.replace("guardian, device, location", "guardian, location"));
    assertRefused(
        up(data, keys, "--demo", "--policy", stricter.toString()),
        "refuses invented person",
        "device.",
        "leave --demo out");
  }

  @Test
  void demonstrationTellsTheFileWithItsNames() throws Exception {
    Path data = directory.resolve("data");
    try (RunningServer server =
        RunningServer.start(Map.of(), "up", "--demo", "--port", "0", "--data", data.toString())) {
      assertThat(server.awaitLine(". " + data + "/demo.env")).isNotEmpty();
      assertThat(data.resolve("demo.env")).isRegularFile();
    }
  }

  private Path policy(String name, UnaryOperator<String> change) throws IOException {
    Path copy = Files.createDirectory(directory.resolve(name));
    try (Stream<Path> files = Files.list(POLICY)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        // Names are changed in the rules and wherever they have labels.
        String changed = file.toString().endsWith(".yaml") ? change.apply(text) : text;
        assertThat(file.endsWith("policy.yaml") && changed.equals(text)).isFalse();
        Files.writeString(copy.resolve(file.getFileName()), changed);
      }
    }
    return copy;
  }
}
