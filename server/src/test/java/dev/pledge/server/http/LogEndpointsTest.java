package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.log.ByteString;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.Merkle;
import dev.pledge.log.Promise;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Tile;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What outsiders see of the log, over HTTP, with nothing but the verifier key at hand. */
class LogEndpointsTest {
  private static final String LOG = "/v1/audit/pledge";

  private final TestServer server = TestServer.shared();
  private final VerifierKey key = VerifierKey.parse(text(LOG + "/key").strip());

  private String text(String path) {
    Answered answer = server.get("", path);
    assertThat(answer.status()).as(path).isEqualTo(200);
    return new String(answer.response().body(), UTF_8);
  }

  private Checkpoint opened(String note) {
    return Checkpoint.parse(SignedNote.open(note.getBytes(UTF_8), List.of(key)).text());
  }

  /** Of a read that is logged. */
  private JsonNode receipt() {
    Answered answer =
        server.post(
            server.backend,
            "/v1/subjects/" + server.adult() + "/read",
            """
            {"purpose":"authentication","product":"meeting","fields":["contact.email"]}
            """);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("receipt");
  }

  private JsonNode covered(JsonNode receipt) {
    String path = LOG + "/proof?entry=" + receipt.path("entry").asText();
    Answered answer = server.get("", path);
    for (long start = System.nanoTime(); answer.status() != 200; answer = server.get("", path)) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("a receipt's promise is kept")
          .isLessThan(Duration.ofSeconds(60));
    }
    return answer.json();
  }

  private static List<Hash> hashes(JsonNode list) {
    List<Hash> hashes = new ArrayList<>();
    list.forEach(each -> hashes.add(hash(each)));
    return hashes;
  }

  private static Hash hash(JsonNode hex) {
    return new Hash(ByteString.ofHex(hex.asText()));
  }

  @Test
  void aReceiptPromisesWhatACheckpointShowsLater() {
    JsonNode receipt = receipt();
    byte[] note = receipt.path("promise").asText().getBytes(UTF_8);
    Promise promise = Promise.read(SignedNote.open(note, List.of(key)).text());
    assertThat(promise.origin()).isEqualTo(receipt.path("log").asText()).isEqualTo(key.name());
    Hash leaf = hash(receipt.path("leaf"));
    assertThat(
            Merkle.isIncluded(
                leaf,
                receipt.path("place").asLong(),
                promise.leaves(),
                promise.root(),
                hashes(receipt.path("proof"))))
        .isTrue();
    JsonNode proof = covered(receipt);
    Checkpoint checkpoint = opened(proof.path("checkpoint").asText());
    assertThat(checkpoint.size()).isEqualTo(proof.path("size").asLong());
    assertThat(
            Merkle.isIncluded(
                leaf,
                proof.path("position").asLong(),
                checkpoint.size(),
                checkpoint.root(),
                hashes(proof.path("proof"))))
        .isTrue();
  }

  @Test
  void checkpointsAreConsistentAndTheTilesTheirs() {
    var _ = covered(receipt());
    Checkpoint older = opened(text(LOG + "/checkpoint"));
    var _ = covered(receipt());
    Checkpoint newer = opened(text(LOG + "/checkpoint"));
    assertThat(newer.size()).isGreaterThan(older.size());
    JsonNode proof =
        server
            .get("", LOG + "/consistency?from=" + older.size() + "&to=" + newer.size())
            .json()
            .path("proof");
    assertThat(
            Merkle.isConsistent(
                older.size(), older.root(), newer.size(), newer.root(), hashes(proof)))
        .isTrue();
    Growth tree = new Growth();
    for (long first = 0; first < newer.size(); first += Tile.WIDTH) {
      int width = (int) Math.min(Tile.WIDTH, newer.size() - first);
      Tile asked = new Tile(0, first / Tile.WIDTH, new byte[width * Hash.SIZE]);
      Answered answer = server.get("", LOG + "/" + asked.path());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Cache-Control")).contains("immutable");
      byte[] leaves = answer.response().body();
      assertThat(leaves).hasSize(width * Hash.SIZE);
      for (int i = 0; i < width; i++) {
        tree.add(
            new Hash(
                ByteString.of(Arrays.copyOfRange(leaves, i * Hash.SIZE, (i + 1) * Hash.SIZE))));
      }
    }
    assertThat(tree.root()).isEqualTo(newer.root());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/audit/other/checkpoint",
        "/v1/audit/other/key",
        LOG + "/tile/0/x999/999",
        LOG + "/tile/0/999.p/255",
        LOG + "/tile/7/000.p/1",
        LOG + "/tile/8/000",
        LOG + "/tile/0/0",
        LOG + "/tile/0/000.p/257",
        LOG + "/tile/entries/000.p/1",
        LOG + "/tile/0/x999/x999/x999/x999/x999/999",
        LOG + "/proof?entry=0198f1a2-8d20-7b14-a0c2-5be1d07c9f33",
        LOG + "/proof?entry=0198f1a2",
        LOG + "/consistency?from=1&to=999999999999999999"
      })
  void whatIsNotThereIsNotFound(String path) {
    assertThat(server.get("", path).status()).as(path).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOG + "/proof",
        LOG + "/consistency",
        LOG + "/consistency?from=2&to=1",
        LOG + "/consistency?from=0&to=1",
        LOG + "/consistency?from=0&to=0",
        LOG + "/consistency?from=01&to=2",
        LOG + "/consistency?from=-1&to=2",
        LOG + "/consistency?from=1&to=9999999999999999999",
        LOG + "/checkpoint?size=1"
      })
  void badQuestionsAreToldWhatIsWrong(String path) {
    assertThat(server.get("", path).status()).as(path).isEqualTo(400);
  }
}
