package dev.pledge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.anchor.AnchorsRefused;
import dev.pledge.engine.audit.Overloaded;
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
            .anchoredBy(settings));
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
    try {
      return Checkpoint.parse(SignedNote.parse(Files.readAllBytes(mirror())).text()).size();
    } catch (IOException e) {
      return -1;
    }
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
      assertThatExceptionOfType(Overloaded.class)
          .isThrownBy(() -> makeEntries(pledge, "three"))
          .withMessageContaining("the log is broken");
    }
    // Without what is outside nobody would have noticed.
    try (Pledge pledge = open("  {}\n")) {
      makeEntries(pledge, "three");
      pledge.checkReady();
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
