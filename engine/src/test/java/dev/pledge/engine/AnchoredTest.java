package dev.pledge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.anchor.AnchorsRefused;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.store.Await;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.SignedNote;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.language.Settings;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Pledge, and a file elsewhere that remembers its log. */
@Clause({"IV.2", "V.1"})
class AnchoredTest {
  @TempDir Path home;

  private Path data() {
    return home.resolve("data");
  }

  private Path mirror() {
    return home.resolve("elsewhere");
  }

  private Pledge open(String anchors) {
    return open(anchors, 1);
  }

  private Pledge open(String anchors, int logs) {
    AnchorSettings settings =
        Settings.read(
                "anchors.yaml",
                ("anchors:\n" + anchors).getBytes(UTF_8),
                "the anchors",
                AnchorSettings::read)
            .value()
            .orElseThrow();
    return Pledge.open(
        Configuration.embedded(TestPledge.policy(), data(), home.resolve("keys"))
            .anchoredBy(settings)
            .withLogs(logs));
  }

  private String file() {
    return "  mirror: { kind: file, every: 1, path: " + mirror() + " }\n";
  }

  private static void makeEntries(Pledge pledge, String actor) {
    var _ =
        pledge
            .actors()
            .create(
                new NewActor(
                    new ActorId(actor),
                    Asker.Kind.SERVICE,
                    Set.of(new RoleId("product-backend")),
                    Set.of(new ProductId("meeting")),
                    Set.of(),
                    Set.of()),
                Duration.ofDays(1),
                TestPledge.BY);
  }

  private long mirrored() {
    return mirrored(mirror());
  }

  private static long mirrored(Path file) {
    try {
      return note(file).size();
    } catch (IOException e) {
      return -1;
    }
  }

  private static Checkpoint note(Path file) throws IOException {
    return Checkpoint.parse(SignedNote.parse(Files.readAllBytes(file)).text());
  }

  @Test
  void whatWasPutBackWithEverythingThatIsInTheHouseIsFoundByWhatIsOutside() throws Exception {
    try (Pledge pledge = open(file())) {
      makeEntries(pledge, "one");
      Await.until(() -> mirrored() >= 1);
      Await.until(() -> pledge.anchors("pledge").getFirst().size().isPresent());
    }
    long before = mirrored();
    copy("data", "data-yesterday");
    copy("keys", "keys-yesterday");
    try (Pledge pledge = open(file())) {
      pledge.checkReady();
      makeEntries(pledge, "two");
      Await.until(() -> mirrored() > before);
    }
    move("data", "data-today");
    move("keys", "keys-today");
    copy("data-yesterday", "data");
    copy("keys-yesterday", "keys");
    try (Pledge pledge = open(file())) {
      Await.until(() -> notReady(pledge).isPresent());
      assertThat(notReady(pledge).orElseThrow())
          .contains("anchor `mirror` knows", "it is older than what was published");
      // Nothing more is promised either.
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(() -> makeEntries(pledge, "three"))
          .withMessageContaining("the log takes nothing more");
    }
    // Without what is outside nobody would have noticed.
    try (Pledge pledge = open("  {}\n")) {
      makeEntries(pledge, "three");
      pledge.checkReady();
    }
  }

  @Test
  void eachLogIsRememberedInAFileOfItsOwn() throws Exception {
    Path second = home.resolve("elsewhere.pledge-2");
    try (Pledge pledge = open(file(), 2)) {
      makeEntries(pledge, "one");
      makeEntries(pledge, "two");
      Await.until(() -> mirrored() >= 1 && mirrored(second) >= 1);
      assertThat(note(mirror()).origin()).isEqualTo(pledge.origin("pledge"));
      assertThat(note(second).origin()).isEqualTo(pledge.origin("pledge-2"));
      Await.until(
          () ->
              pledge.logs().stream()
                  .allMatch(log -> pledge.anchors(log.name()).getFirst().size().isPresent()));
    }
    Files.copy(mirror(), second, StandardCopyOption.REPLACE_EXISTING);
    try (Pledge pledge = open(file(), 2)) {
      long before = mirrored();
      makeEntries(pledge, "three");
      makeEntries(pledge, "four");
      Await.until(() -> mirrored() > before);
      assertThat(note(second).origin())
          .as("what is another log's is left alone")
          .isEqualTo(pledge.origin("pledge"));
    }
  }

  @Test
  void aRequiredAnchorThatIsOutOfReachKeepsItFromStarting() throws IOException {
    Files.createDirectory(mirror());
    String required = file().replace("kind:", "required: true, kind:");
    assertThatExceptionOfType(AnchorsRefused.class)
        .isThrownBy(() -> open(required))
        .withMessageContaining("anchor `mirror` is required")
        .withMessageContaining("could not read `" + mirror() + "`");
    // Another start is not kept from the data by what is left of this one.
    open(file()).close();
  }

  @Test
  void anAnchorAmongTheDataIsNone() {
    assertThatExceptionOfType(AnchorsRefused.class)
        .isThrownBy(() -> open("  mirror: { kind: file, path: " + data().resolve("x") + " }\n"))
        .withMessageContaining("lies among the data");
  }

  private static Optional<String> notReady(Pledge pledge) {
    try {
      pledge.checkReady();
      return Optional.empty();
    } catch (NotReady e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void move(String from, String to) throws IOException {
    Files.move(home.resolve(from), home.resolve(to));
  }

  private void copy(String from, String to) throws IOException {
    Path source = home.resolve(from);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = home.resolve(to).resolve(source.relativize(file).toString());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        Files.setOwner(target, Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
