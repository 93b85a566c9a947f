package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.policy.language.Settings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorsTest {
  private static final String ANCHORS = "/v1/audit/pledge/anchors";

  @TempDir Path directory;

  @Test
  void everybodySeesHowFarEachHasBeenToldAndNotWhereItIs() {
    String file =
        """
        anchors:
          mirror: { kind: file, every: 1, path: %s }
          lost: { kind: file, path: %s }
        """
            .formatted(directory.resolve("secret"), directory.resolve("no/such"));
    AnchorSettings settings =
        Settings.read("anchors.yaml", file.getBytes(UTF_8), "the anchors", AnchorSettings::read)
            .value()
            .orElseThrow();
    try (TestServer server = TestServer.start(settings)) {
      server.adult();
      TestServer.await(
          "the file has the log",
          () -> server.get("", ANCHORS).json().path("items").path(0).path("size").asLong() > 0);
      JsonNode answer = server.get("", ANCHORS).json();
      assertThat(answer.path("quorum").asInt(-1)).isZero();
      assertThat(answer.path("items").findValuesAsText("name")).containsExactly("mirror", "lost");
      assertThat(answer.path("items").findValuesAsText("behind")).containsExactly("false", "true");
      assertThat(answer.path("items").findValuesAsText("contradicts"))
          .containsExactly("false", "false");
      assertThat(answer.path("items").path(0).path("at").asText()).endsWith("Z");
      assertThat(answer.path("items").path(1).has("size")).isFalse();
      assertThat(answer.toString()).doesNotContain("secret", "such", directory.toString());
    }
  }

  @Test
  void aLogWithoutAnchorsSaysSo() {
    JsonNode answer = TestServer.shared().get("", ANCHORS).json();
    assertThat(answer.toString()).isEqualTo("{\"quorum\":0,\"items\":[]}");
    assertThat(TestServer.shared().get("", "/v1/audit/other/anchors").status()).isEqualTo(404);
  }
}
